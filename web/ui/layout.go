package ui

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Frame is what stands around every page.
type Frame struct {
	Title    string
	Here     string // the address, to mark the current part of the menu
	Name     string // of who is signed in; empty for the public
	Admin    bool
	Message  string // told once, after an act
	Base     string // folder of the static files, changes with their content
	Wide     bool
	Prepares bool // signed in and preparing papers: sees Vandaag as work
}

type entry struct{ address, label string }

var menu = []entry{
	{"/vandaag", "Vandaag"},
	{"/vergaderingen", "Vergaderingen"},
	{"/voorstellen", "Voorstellen"},
	{"/uitnodigingen", "Uitnodigingen"},
	{"/zienswijzen", "Zienswijzen"},
	{"/samenwerkingen", "Samenwerkingen"},
	{"/organisaties", "Organisaties"},
}

func current(here, address string) templ.Attributes {
	if here == address {
		return templ.Attributes{"aria-current": "page"}
	}
	if strings.HasPrefix(here, address+"/") {
		return templ.Attributes{"aria-current": "true"}
	}
	return templ.Attributes{}
}

// Told is how the place begins where Layout says what happened; it stands once on each page, before the content.
const Told = `<div class="told" role="status">`

// Crumb is a step of the way to a page.
type Crumb struct{ Label, Address string }

func pageAddress(address string, n int) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + "bladzijde=" + strconv.Itoa(n)
}

func pageAfter(address, after string) string {
	if after == "" {
		return address
	}
	return address + "&na=" + url.QueryEscape(after)
}

// SignIn asks for e-mail and password. Parked holds a form that was sent while nobody was signed in: it goes along and is
// carried out after signing in.
type SignIn struct {
	Email  string
	Fault  string
	To     string              // where to go afterwards
	Parked map[string][]string // fields of the parked form
	Again  bool                // already signed in: only the password, before an act with legal effect
}

func invalid(fault string) templ.Attributes {
	if fault == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "fouten"}
}
