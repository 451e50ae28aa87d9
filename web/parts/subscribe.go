package parts

// Feed is a calendar that a reader can subscribe to.
type Feed struct{ Name, Path string }
