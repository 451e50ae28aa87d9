package web

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// ready says whether the database answers; on a connection of its own, so that a full pool does not make the program look ill.
func (a App) ready(w http.ResponseWriter, r *http.Request) {
	pool := a.Health
	if pool == nil {
		pool = a.DB
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	if err := pool.Ping(ctx); err != nil {
		http.Error(w, "database out of reach", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}

// securityTxt tells who found a hole where to report it (RFC 9116). It expires before anyone forgets to look at it.
func (a App) securityTxt(w http.ResponseWriter, _ *http.Request) {
	contact := a.BaseURL + "/toegankelijkheid" // says how to reach whoever runs this installation
	if a.Contact != "" {
		contact = "mailto:" + a.Contact
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, "Contact: %s\nExpires: %s\nPreferred-Languages: nl, en\nCanonical: %s/.well-known/security.txt\n",
		contact, a.Now().UTC().AddDate(0, 6, 0).Truncate(24*time.Hour).Format(time.RFC3339), a.BaseURL)
}
