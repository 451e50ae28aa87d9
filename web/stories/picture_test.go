package stories

import (
	"os"
	"testing"

	"regiogriffie/web/browsertest"
)

// TestPicture makes the picture of the README anew, when asked: REGIOGRIFFIE_PICTURE=1 go test ./web/stories -run Picture
func TestPicture(t *testing.T) {
	if os.Getenv("REGIOGRIFFIE_PICTURE") == "" {
		t.Skip("set REGIOGRIFFIE_PICTURE to make docs/vergadering.png anew")
	}
	s := open(t)
	p := s.as(t, browsertest.Options{Width: 1280}, "")
	p.Go(s.URL + "/vergaderingen/" + slugOf(t, s, "heemstede-raad"))
	const path = "../../docs/vergadering.png"
	p.Shot(path)
	if facts, err := os.Stat(path); err != nil || facts.Size() > 200_000 {
		t.Errorf("%v, %d bytes", err, facts.Size())
	}
}
