// Package view makes what the pages of several audiences show: a badge, its
// criteria and where a learner stands with them, until when an award is valid,
// and links to other awards and steps.
//
// Values of the domain go in, plain structs for templates come out, in the
// reader's language. The package knows neither HTTP nor the store.
package view
