package moodle

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// The times in a report are text in the time zone of the token's user. The text does
// not name the zone, and a site may force one on all users. But the filter takes Unix
// seconds: if the zone is UTC and the filter is set to the minute that a row shows, the
// report must contain that row.

// trustFor is how long the result of a successful test is used.
const trustFor = 24 * time.Hour

// season is a part of the year. Both parts are tested, because a time zone may equal
// UTC in one and not in the other.
type season int

const seasons = 2

// seasonOf returns the season of t, summer (April to October) or winter, and how far t
// is from the middle of it, where no zone changes its clocks.
func seasonOf(t time.Time) (season, time.Duration) {
	middle := func(year int, m time.Month) time.Duration {
		return t.Sub(time.Date(year, m, 15, 0, 0, 0, 0, time.UTC)).Abs()
	}
	if m := t.Month(); m >= time.April && m <= time.October {
		return 0, middle(t.Year(), time.July)
	}
	return 1, min(middle(t.Year(), time.January), middle(t.Year()+1, time.January))
}

// trustTimes returns an error unless the times of the rows are in UTC.
func (r *reportReader) trustTimes(ctx context.Context, rows CompletionRows, turn *reportTurn) error {
	now := r.client.now()
	for s, user := range samplesOf(rows) {
		if user == "" || now.Sub(turn.trusted[s]) < trustFor {
			continue
		}
		if err := r.probe(ctx, user, rows[user].At); err != nil {
			return err
		}
		turn.trusted[s] = now
	}
	return nil
}

// samplesOf picks one row for each season: the one nearest to the middle of it. The
// choice does not depend on the order of the rows. A season without rows has no sample.
func samplesOf(rows CompletionRows) (samples [seasons]UserID) {
	var distance [seasons]time.Duration
	for user, row := range rows {
		if row.At.IsZero() {
			continue
		}
		s, far := seasonOf(row.At)
		if samples[s] == "" || far < distance[s] || far == distance[s] && user < samples[s] {
			samples[s], distance[s] = user, far
		}
	}
	return samples
}

// probe reads the rows of one minute and checks that the user is among them.
func (r *reportReader) probe(ctx context.Context, user UserID, minute time.Time) error {
	rows, err := r.between(ctx, minute, minute.Add(time.Minute-time.Second))
	if err != nil {
		return err
	}
	if _, there := rows[user]; !there {
		return r.fault(ReportTimezone, fmt.Errorf("user %s completed the course at another time than shown", user))
	}
	for _, row := range rows {
		if !row.At.Equal(minute) {
			return r.fault(ReportUnfiltered, errors.New("the filter on the time completed has no effect"))
		}
	}
	return nil
}

// reportTurns gives each report to one reader at a time.
type reportTurns struct {
	mu    sync.Mutex
	turns map[int64]*reportTurn
}

// reportTurn is the turn at one report. Only the reader who has the turn uses its
// members.
type reportTurn struct {
	taken   chan struct{}
	trusted [seasons]time.Time // when the times of the season were last found to be in UTC
}

func (t *reportTurns) enter(ctx context.Context, report int64) (*reportTurn, error) {
	turn := t.of(report)
	select {
	case turn.taken <- struct{}{}:
		return turn, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (t *reportTurns) of(report int64) *reportTurn {
	t.mu.Lock()
	defer t.mu.Unlock()
	turn, ok := t.turns[report]
	if !ok {
		turn = &reportTurn{taken: make(chan struct{}, 1)}
		t.turns[report] = turn
	}
	return turn
}

func (t *reportTurn) leave() { <-t.taken }
