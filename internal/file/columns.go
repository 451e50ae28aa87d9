package file

// LineColumns are those of a Line, of a row called a, for a question of another room that knows its objects by a join.
const LineColumns = `a.key, a.object_id::text, a.title, a.mime, a.bytes, a.audience_bodies is not null as closed`
