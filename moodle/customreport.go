package moodle

import (
	"context"
	"net/url"
	"strconv"
)

// CustomReport is a report that somebody created on the site.
type CustomReport struct {
	ID     ReportID
	Name   string // plain text
	Source string // Moodle's class that the rows come from
}

const participantsSource = `core_course\reportbuilder\datasource\participants`

// OnParticipants reports whether the rows are participants of courses. CompletionReport
// needs such a report.
func (r CustomReport) OnParticipants() bool { return r.Source == participantsSource }

const (
	reportsPage = 100 // reports per page; Moodle's own default is ten
	reportsMost = 50  // maximum number of pages; no real site has more
)

// Reports lists, sorted by name, the custom reports that the token's user has access
// to.
func (c *Client) Reports(ctx context.Context) ([]CustomReport, error) {
	list := []CustomReport{}
	for page := range reportsMost {
		some, err := c.reportsPage(ctx, page)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
		if len(some) < reportsPage {
			return list, nil
		}
	}
	return nil, &Error{Function: fnReports, Reason: TooLarge}
}

func (c *Client) reportsPage(ctx context.Context, page int) ([]CustomReport, error) {
	var answer struct {
		Reports []struct {
			ID     int64  `json:"id"`
			Name   string `json:"name"`
			Source string `json:"source"`
		} `json:"reports"`
	}
	form := url.Values{"page": {strconv.Itoa(page)}, "perpage": {strconv.Itoa(reportsPage)}}
	if err := c.call(ctx, request{function: fnReports, form: form}, &answer); err != nil {
		return nil, err
	}
	if answer.Reports == nil {
		return nil, &Error{Function: fnReports, Reason: Unexpected, Err: errMissing("reports")}
	}
	list := make([]CustomReport, 0, len(answer.Reports))
	for _, r := range answer.Reports {
		if r.ID <= 0 {
			return nil, &Error{Function: fnReports, Reason: Unexpected, Err: errMissing("report id")}
		}
		list = append(list, CustomReport{ID: id[ReportID](r.ID), Name: plain(r.Name), Source: r.Source})
	}
	return list, nil
}
