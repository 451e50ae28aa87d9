package meetings

import (
	"slices"
	"strings"
	"testing"

	"regiogriffie/internal/file"
	"regiogriffie/internal/meeting"
)

func TestASummaryIsCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"short", "één", "één"},
		{"just fits", strings.Repeat("é", 320), strings.Repeat("é", 320)},
		{"one too many", strings.Repeat("é", 321), strings.Repeat("é", 317) + "…"},
		{"long", strings.Repeat("ab", 500), strings.Repeat("ab", 158) + "a…"},
	} {
		if got := cut(c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFilesGoToTheirOwnItem(t *testing.T) {
	t.Parallel()
	v := whole{Files: []file.Line{
		{ObjectID: "a", Key: "a1"}, {ObjectID: "a", Key: "a2"}, {ObjectID: "b", Key: "b1"}, {ObjectID: "d", Key: "d1"}, {ObjectID: "d", Key: "d2"},
	}}
	keys := func(files []file.Line) string {
		var list []string
		for _, f := range files {
			list = append(list, f.Key)
		}
		return strings.Join(list, " ")
	}
	for object, want := range map[string]string{"a": "a1 a2", "b": "b1", "c": "", "d": "d1 d2", "e": "", "": ""} {
		if got := keys(v.filesOf(object)); got != want {
			t.Errorf("files of %q: %q, want %q", object, got, want)
		}
	}
	before := slices.Clone(v.Files)
	for _, c := range []struct {
		item meeting.Item
		want string
	}{
		{meeting.Item{ID: "a", ProposalID: "d"}, "a1 a2 d1 d2"},
		{meeting.Item{ID: "d", ProposalID: "a"}, "d1 d2 a1 a2"},
		{meeting.Item{ID: "c", ProposalID: "b"}, "b1"},
		{meeting.Item{ID: "b"}, "b1"},
	} {
		if got := keys(v.papers(c.item)); got != c.want {
			t.Errorf("papers of %s: %q, want %q", c.item.ID, got, c.want)
		}
	}
	if !slices.Equal(v.Files, before) {
		t.Errorf("putting files together changed the list: %v", v.Files)
	}

	v.Items = []meeting.Item{{ID: "a", Closed: true, Matter: true, ProposalID: "b", MatterTitle: "geheim"}, {ID: "d"}}
	public := v.forThePublic()
	if got := keys(public.Files); got != "d1 d2" || public.Items[0].MatterTitle != "" {
		t.Errorf("the public sees %q and %+v", got, public.Items[0])
	}
}
