package account_test

import (
	"net/http"
	"strings"
	"testing"
)

// A form that waits while someone signs in stands in a page: in the memory of a browser, and on a screen.
func TestNoPasswordWaitsInAForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	status, _, page := s.post("/account/wachtwoord", "old_password", "vier paarden op de dijk", "password", "acht schapen onder de brug", "note", "dit wacht wel")
	if status != http.StatusUnauthorized || !strings.Contains(page, "dit wacht wel") {
		t.Errorf("%d, and the form does not wait", status)
	}
	for _, secret := range []string{"vier paarden", "acht schapen"} {
		if strings.Contains(page, secret) {
			t.Errorf("%q waits in the page", secret)
		}
	}
}
