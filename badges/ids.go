package badges

import "log/slog"

// PlatformID and the identifiers that follow name the things of the domain.
// PlatformID, BadgeID, VersionID, AssertionID and IssuerID are made by Insigne
// (UUIDs); ContextID, UserID and ActivityID are the LMS's own words and mean
// nothing outside their platform.
type (
	PlatformID  string
	ContextID   string // LTI context id; in Moodle the course id
	UserID      string // LTI sub; in Moodle the user id
	ActivityID  string // in Moodle the course module id (cmid)
	BadgeID     string
	VersionID   string
	AssertionID string
	IssuerID    string
	PictureHash string // SHA-256 of a picture, in hex
)

// CourseKey says which course of which platform. Everything a teacher or
// learner reads or writes is scoped by one.
type CourseKey struct {
	Platform PlatformID
	Context  ContextID
}

// Secret is a password or token that must not be printed: every formatting
// verb and the log show a mask. Convert it to string to use it.
type Secret string

const mask = "******"

func (s Secret) String() string { return mask }

// GoString masks the secret under %#v.
func (s Secret) GoString() string { return mask }

// LogValue masks the secret in structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(mask) }
