# Images are named by digest, so that each build has the same ones. To renew: docker buildx imagetools inspect golang:1.26.8
# (and so for the other), and put its Digest behind the tag.
FROM golang:1.26.8@sha256:0f063af2d465d8dcae54cce04278ada488b96f77b42449c8d071e47d016cc65a AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=unknown
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /out/regiogriffie ./cmd/regiogriffie \
 && mkdir -p /out/data

FROM gcr.io/distroless/static-debian12:nonroot@sha256:afa5c872c891853ca7fcf1f12c3edb23f7eeef36189728842dd51042ff57f7ab
COPY --from=build /out/regiogriffie /regiogriffie
# A new volume takes over the owner of the folder that it covers.
COPY --from=build --chown=65532:65532 /out/data /data
COPY LICENSE /LICENSE
ENV REGIOGRIFFIE_ADDR=0.0.0.0:8080 \
    REGIOGRIFFIE_DATA=/data \
    REGIOGRIFFIE_LOG=json
USER 65532:65532
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/regiogriffie", "health"]
ENTRYPOINT ["/regiogriffie"]
CMD ["serve"]
