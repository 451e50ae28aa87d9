package field_test

import (
	"testing"

	"regiogriffie/internal/field"
)

func TestAFieldHasOneName(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"Subject": "subject", "RespondBy": "respond_by", "FollowUpOnNa": "follow_up_on_na", "TargetBodyID": "target_body_id",
		"OrganiserIDs": "organiser_ids", "ABOn": "ab_on", "ABMeetingID": "ab_meeting_id", "OnlineURL": "online_url", "ID": "id", "Sha256": "sha256",
	} {
		if got := field.Name(written); got != want {
			t.Errorf("%s is called %s, want %s", written, got, want)
		}
	}
}

func TestFieldsOfAnEmbeddedStructStandInItsPlace(t *testing.T) {
	t.Parallel()
	names := ""
	for _, f := range field.Of[outer]() {
		names += f.Go + "=" + f.Name + " "
	}
	if names != "Name=name Lines=lines At=at Number=number Parts=parts " {
		t.Errorf("found %s", names)
	}
	if v := field.Values(outer{inner: inner{"a"}, Lines: []string{"b"}}); v["name"] != "a" || len(v) != 5 {
		t.Errorf("valued %v", v)
	}
}
