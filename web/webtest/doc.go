// Package webtest has what the tests of all audiences share: sample pages, and a small
// installation on a real store.
package webtest
