package evidence

import (
	"context"
	"fmt"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/moodle"
)

// observeActivities reads which activities the learners completed.
func observeActivities(ctx context.Context, r request) error {
	users := r.needs.users()
	read, err := r.site.client.ActivityCompletionsFor(ctx, r.course, moodleUsers(users), r.needs.activities())
	if err != nil && moodle.ReasonOf(err) != moodle.CompletionOff {
		return fmt.Errorf("read activity completions: %w", err)
	}
	for s, users := range r.needs {
		for _, u := range users {
			states, ok := read.Read[moodle.UserID(u)]
			r.found.Note(u, s, activityState(states, ok, s))
		}
	}
	return nil
}

func activityState(states map[moodle.ActivityID]moodle.ActivityCompletion, read bool, s badges.Subject) badges.Observation {
	if !read {
		return badges.Observation{Why: whyUnread, Source: badges.SourceActivity}
	}
	c, ok := states[moodle.ActivityID(s.ID)]
	if !ok {
		return badges.Observation{Why: whyActivityHidden, Source: badges.SourceActivity}
	}
	return badges.Observation{Read: true, Done: c.Done, Passed: c.State == moodle.Passed, At: c.At, Source: badges.SourceActivity}
}
