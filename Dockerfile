FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=unknown
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /out/regiogriffie ./cmd/regiogriffie \
 && mkdir -p /out/data

FROM gcr.io/distroless/static-debian12:nonroot
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
