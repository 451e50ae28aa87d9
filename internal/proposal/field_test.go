package proposal_test

import (
	"reflect"
	"testing"

	"regiogriffie/internal/field"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

func TestEveryFieldOfAPaperIsKept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target, with := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Lisse")
	same := func(act string, want, got proposal.Content) {
		t.Helper()
		for _, name := range field.Differing(want, got) {
			t.Errorf("%s does not come back as it was filled in after %s: internal/proposal keeps the fields of Content in a column of that name", name, act)
		}
	}
	for _, none := range []bool{false, true} {
		full := proposaltest.Full(t, "Eerst", none, target.Body, target.ID, with.ID)
		draft := proposaltest.Draft(owner.ID, target.Body)
		bare, err := proposal.Create(t.Context(), tx, owner.Author, draft)
		if err != nil {
			t.Fatalf("%v: a field of Content needs a column of its name, by a file in migrations", err)
		}
		draft.Content, draft.Closed = full, true
		made, err := proposal.Create(t.Context(), tx, owner.Author, draft)
		must(t, err)
		same("Create", full, made.Content)
		draft.Version = bare.Version
		revised, err := proposal.Revise(t.Context(), tx, owner.Author, bare.ID, draft)
		must(t, err)
		same("Revise", full, revised.Content)

		// Again, from every field to none of them but what a paper must have.
		empty := proposaltest.Draft(owner.ID, "")
		empty.Version = revised.Version
		emptied, err := proposal.Revise(t.Context(), tx, owner.Author, bare.ID, empty)
		must(t, err)
		same("Revise to nothing", empty.Content, emptied.Content)
	}
	full := proposaltest.Full(t, "Eerst", false, target.Body, target.ID)
	offered := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.Content, d.Closed = full, true })
	var versions []proposal.Version
	must(t, postgres.Read(t.Context(), tx, proposal.Versions(&versions, owner.Author, offered.ID)))
	same("a version", full, versions[0].Fields.Content)
}

func TestEveryFieldOfAPaperIsComparedBetweenVersions(t *testing.T) {
	t.Parallel()
	for _, none := range []bool{false, true} {
		full := proposaltest.Full(t, "Eerst", none, "x", "y")
		for _, f := range field.Of[proposal.Content]() {
			var before, after proposal.Snapshot
			f.In(reflect.ValueOf(&after.Content).Elem()).Set(f.In(reflect.ValueOf(full)))
			if len(field.Differing(before.Content, after.Content)) == 0 {
				continue // empty in this filling, and not in the other
			}
			switch f.Name { // of these a version keeps what they are called
			case "target_body_id":
				after.TargetName = "Raad"
			case "organiser_ids":
				after.Organisers = []proposal.Organiser{{Name: "Leiden"}}
			}
			if changes := proposal.Compare(before, after); len(changes) != 1 {
				t.Errorf("%s is not compared between versions: it needs a line in labels, in internal/proposal/proposal.go", f.Go)
			}
		}
	}
}

func TestTheFilesOfVersionsAreCompared(t *testing.T) {
	t.Parallel()
	var before, after proposal.Snapshot
	after.Attachments = []proposal.SnapshotFile{{Title: "Bijlage", FileName: "a.pdf", Sha256: "0123456789"}}
	if changes := proposal.Compare(before, after); len(changes) != 1 || changes[0].Label != "Bijlagen" {
		t.Errorf("a file was added: %v", changes)
	}
}
