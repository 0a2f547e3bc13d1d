// Package story walks the journeys of the four people, administrator, teacher,
// learner and checker, in a real browser against the running demo. Insigne is
// on localhost and the campus on 127.0.0.1, two sites to the browser, so that
// cookies in the frame are third-party cookies as they are in real life.
package story
