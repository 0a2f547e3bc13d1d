// Package webtest has what the tests of the audiences share: sample pages, and a
// small installation on a real store.
package webtest
