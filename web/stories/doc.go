// Package stories holds tests only: people who do their work on the whole site, in a real browser.
package stories
