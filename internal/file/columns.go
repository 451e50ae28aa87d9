package file

// Columns of an Attachment, of a row called a, for a question of another room that knows its objects by a join.
const Columns = columns
