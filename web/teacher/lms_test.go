package teacher_test

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/web/webtest"
)

// lms is the LMS of a course. It can also fail.
type lms struct {
	members  []badges.Member
	outline  badges.Outline
	findings badges.Findings
	err      error

	asked []badges.Subject // subjects of the last reading
}

// met sets a learner's evidence: points of 20 in the quiz, and whether the report is
// completed.
func (l *lms) met(user badges.UserID, points float64, done bool) {
	if l.findings == nil {
		l.findings = badges.Findings{}
	}
	l.findings.Note(user, quiz.Subject(), badges.Observation{
		Read: true, Grade: &badges.Grade{Raw: points, Max: 20}, At: webtest.Day.Add(-time.Hour), Source: badges.SourceGrades,
	})
	l.findings.Note(user, report.Subject(), badges.Observation{Read: true, Done: done, At: webtest.Day.Add(-time.Hour), Source: badges.SourceActivity})
}

// Outline implements teacher.Evidence.
func (l *lms) Outline(context.Context, badges.CourseKey) (badges.Outline, error) {
	return l.outline, l.err
}

// Read implements teacher.Evidence. The caller may change what it returns.
func (l *lms) Read(_ context.Context, _ badges.CourseKey, subjects []badges.Subject) (badges.Reading, error) {
	if l.err != nil {
		return badges.Reading{}, l.err
	}
	l.asked = subjects
	findings := badges.Findings{}
	for user, evidence := range l.findings {
		findings[user] = maps.Clone(evidence)
	}
	return badges.Reading{Members: slices.Clone(l.members), Outline: l.outline, Findings: findings}, nil
}

// down is the error of an LMS that does not answer; downText is what a person reads.
var down = &moodle.Error{Reason: moodle.Timeout}

const downText = "Moodle did not answer in time."
