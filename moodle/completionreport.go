package moodle

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// CompletionRows are the rows of a completion report, by learner. The completion of a
// learner who is absent is unknown, not missing: the report's conditions may leave
// people out, and with a since it contains only completions after that time.
type CompletionRows map[UserID]CompletionRow

// CompletionRow is one row of a completion report. The row can be a teacher's, since
// the report has no roles, or a suspended learner's. Further filtering could find the
// exact second of the completion. We do without, so that At is the same in every
// reading.
type CompletionRow struct {
	Completed bool
	At        time.Time // UTC, rounded down to the minute; zero when not completed or unknown
}

// CompletionReport reads the completions of a course from a custom report, with few
// calls for any number of learners. If since is not zero, it reads only the completions
// in that second or later. A completion that Moodle takes back disappears without a
// trace, so read without since from time to time.
//
// The report is based on "Course participants" and has the following, with these
// titles:
//
//   - the columns "Course full name with link", "Full name with link", "Time completed"
//     and, to include learners who did not complete the course, "Completed";
//   - the filters "Select course" and "Time completed";
//   - no column that gives a learner several rows, for example groups, roles or
//     enrolment methods.
//
// The token's user is in its audience, uses English and the time zone UTC. If something
// is wrong, the reason of the error says what: ReportColumns, ReportLanguage,
// ReportTimezone, ReportUnfiltered, ReportMultiplied, ReportClosed or ReportNotFound.
// ReportShifted means that rows moved between the pages, twice.
//
// Moodle stores the values of filters per user and report. A client therefore reads a
// report for one course at a time, and each program that reads the report needs a user
// of its own.
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
			return nil, r.fault(ReportUnfiltered, fmt.Errorf("user %s did not complete the course since the requested time", user))
		}
	}
	return rows, nil
}

// between sets the filters and reads all pages. If rows moved between the pages, it
// reads all pages once more.
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
	reportPage  = 1000 // rows per page
	reportPages = 500  // a report on one course does not have more
)

// pages reads all pages of the report with its current filters.
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

// add decodes a page into rows. A user who appears twice on one page has several rows.
// A user who appears on two pages was moved between the calls, so other rows were
// missed.
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

// refine completes an error of a decoder with the function's name.
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
