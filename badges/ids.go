package badges

import "log/slog"

// PlatformID names a connected LMS; a UUID of Insigne's.
type PlatformID string

// ContextID is the LTI context id; in Moodle the course id. It is unique only
// within its platform.
type ContextID string

// UserID is the LTI subject (sub); in Moodle the user id. It is unique only
// within its platform.
type UserID string

// ActivityID is the LMS's id of an activity; in Moodle the course module id.
type ActivityID string

// LineItemID is the address of a line item (LTI Assignment and Grade Services).
type LineItemID string

// GroupID is the LMS's id of a group of a course.
type GroupID string

// BadgeID names a badge; a UUID.
type BadgeID string

// VersionID names a version of a badge; a UUID.
type VersionID string

// AssertionID names an assertion; a UUID that nobody can guess.
type AssertionID string

// IssuerID names an issuing organisation; a UUID.
type IssuerID string

// PictureHash is the SHA-256 of a picture, in hexadecimal.
type PictureHash string

// CourseKey identifies a course of a platform. Everything that a teacher or
// learner reads or writes belongs to one.
type CourseKey struct {
	Platform PlatformID
	Context  ContextID
}

// Secret is a password or token that must not be printed: every formatting verb
// and the log show a mask. Convert it to string to use it.
type Secret string

const mask = "******"

func (s Secret) String() string { return mask }

// GoString masks the secret under %#v.
func (s Secret) GoString() string { return mask }

// LogValue masks the secret in structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(mask) }
