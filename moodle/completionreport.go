package moodle

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// CompletionRows are the rows of a completion report, by learner. Who is absent
// is unknown, not incomplete: the report may leave people out by its conditions,
// and read since a moment it holds only who completed the course after it.
type CompletionRows map[UserID]CompletionRow

// CompletionRow is what the report says about one learner, or teacher: it has no
// roles. Suspended learners have rows too. The second of the completion could be
// found by filtering again and again; that it is the same in every reading is
// worth more.
type CompletionRow struct {
	Completed bool
	At        time.Time // UTC, in whole minutes, rounded down; zero when not completed or unknown
}

// CompletionReport reads who completed the course from a custom report: a few
// calls for any number of learners. With a since other than zero it reads only
// who completed the course in that second or later. A completion that is taken
// back merely disappears, so read without since now and then.
//
// The report is one on "Course participants". It has the columns "Course full
// name with link", "Full name with link", "Time completed" and, if it is to show
// who did not complete the course, "Completed", under these titles; the filters
// "Select course" and "Time completed"; and no column that gives a learner
// several rows, such as groups, roles and enrolment methods. The token's user is
// in its audience, reads English and lives in UTC. Where it is not so the reason
// of the error says what is wrong: ReportColumns, ReportLanguage, ReportTimezone,
// ReportUnfiltered, ReportMultiplied, ReportClosed or ReportNotFound.
// ReportShifted means that its rows kept moving.
//
// Moodle stores filters by user and report, so a client reads a report for one
// course after the other. Give each program that reads it a user of its own.
func (c *Client) CompletionReport(ctx context.Context, report ReportID, course CourseID, since time.Time) (CompletionRows, error) {
	r := reportReader{client: c}
	var err error
	if r.report, err = number(report); err != nil {
		return nil, err
	}
	if r.course, err = number(course); err != nil {
		return nil, err
	}
	turn, err := c.reports.enter(ctx, r.report)
	if err != nil {
		return nil, c.broken(ctx, fnReport, err)
	}
	defer turn.leave()
	return r.completions(ctx, since, turn)
}

// reportReader reads one report for one course.
type reportReader struct {
	client         *Client
	report, course int64
}

func (r *reportReader) completions(ctx context.Context, since time.Time, turn *reportTurn) (CompletionRows, error) {
	rows, err := r.between(ctx, since, time.Time{})
	if err != nil {
		return nil, err
	}
	if err := r.trustTimes(ctx, rows, turn); err != nil {
		return nil, err
	}
	if since.Unix() <= 0 {
		return rows, nil
	}
	for user, row := range rows {
		if !row.Completed || row.At.Before(since.Truncate(time.Minute)) {
			return nil, r.fault(ReportUnfiltered, fmt.Errorf("user %s did not complete the course since the moment asked about", user))
		}
	}
	return rows, nil
}

// between sets the filters and reads all pages. Rows that moved meanwhile are
// read once more from the start.
func (r *reportReader) between(ctx context.Context, from, to time.Time) (CompletionRows, error) {
	if err := r.setFilters(ctx, from, to); err != nil {
		return nil, err
	}
	rows, err := r.pages(ctx)
	if ReasonOf(err) == ReportShifted {
		rows, err = r.pages(ctx)
	}
	return rows, err
}

const (
	reportPage  = 1000 // rows asked for at a time
	reportPages = 500  // about one course; with more something is wrong
)

// pages reads the report as it is filtered.
func (r *reportReader) pages(ctx context.Context) (CompletionRows, error) {
	rows := CompletionRows{}
	var read, total int64
	for number := range reportPages {
		page, err := r.page(ctx, number)
		if err != nil {
			return nil, err
		}
		if number == 0 {
			total = *page.Total
		}
		read += int64(len(page.Rows))
		if *page.Total != total || read > total || len(page.Rows) == 0 && read < total {
			return nil, r.fault(ReportShifted, fmt.Errorf("%d rows of %d, then of %d", read, total, *page.Total))
		}
		if err := r.add(page, rows); err != nil {
			return nil, err
		}
		if read == total {
			return rows, nil
		}
	}
	return nil, r.fault(TooLarge, fmt.Errorf("%d rows", total))
}

// add decodes a page. Somebody who is twice on a page has several rows; who is
// on two pages was moved from one to the other, and somebody else with them.
func (r *reportReader) add(page reportAnswer, rows CompletionRows) error {
	columns, err := findColumns(page.Headers)
	if err != nil {
		return r.refine(err)
	}
	here := map[UserID]bool{}
	for _, cells := range page.Rows {
		user, row, err := columns.decode(cells.Columns, r.course)
		if errors.Is(err, errNobody) {
			continue
		}
		if err != nil {
			return r.refine(err)
		}
		switch _, again := rows[user]; {
		case here[user]:
			return r.fault(ReportMultiplied, fmt.Errorf("user %s has several rows", user))
		case again:
			return r.fault(ReportShifted, fmt.Errorf("user %s is on two pages", user))
		}
		here[user], rows[user] = true, row
	}
	return nil
}

func (r *reportReader) fault(reason Reason, err error) error {
	return r.refine(&Error{Reason: reason, Err: err})
}

// refine makes an error of a decoder one of the call.
func (r *reportReader) refine(err error) error {
	e := asError(err)
	if e == nil {
		e = &Error{Reason: Unexpected, Err: err}
	}
	if e.Err != nil {
		e.Err = r.client.redactError(e.Err)
	}
	return r.client.named(fnReport, e)
}
