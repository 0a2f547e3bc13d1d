package moodle

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"
)

// timeRange is Moodle's number for the filter operator "between two times".
const timeRange = 3

// filterValues returns the values of a report's filters. Moodle ignores a filter that
// the report does not have without a warning, so the rows must be checked for the
// effect of each filter. A zero time means no limit on that side; both limits are
// included.
//
// The course is selected by id. The filter on the ID number does not work: not every
// course has one, and the token's user may not read it.
func (r *reportReader) filterValues(from, to time.Time) map[string]any {
	values := map[string]any{"course:courseselector_values": []int64{r.course}}
	if from, to := unix(from), unix(to); from > 0 || to > 0 {
		values["completion:timecompleted_operator"] = timeRange
		values["completion:timecompleted_from"], values["completion:timecompleted_to"] = from, to
	}
	return values
}

// unix returns the time in seconds; 0 for the zero time.
func unix(t time.Time) int64 { return max(0, t.Unix()) }

// setFilters replaces all filter values of the token's user for the report.
func (r *reportReader) setFilters(ctx context.Context, from, to time.Time) error {
	values, err := json.Marshal(r.filterValues(from, to))
	if err != nil {
		return &Error{Function: fnReportFilters, Reason: Unexpected, Err: err}
	}
	form := url.Values{"reportid": {decimal(r.report)}, "parameters": {"[]"}, "values": {string(values)}}
	var done flag
	if err := r.client.call(ctx, request{function: fnReportFilters, form: form}, &done); err != nil {
		return err
	}
	if !done {
		return &Error{Function: fnReportFilters, Reason: Unexpected, Err: errMissing("success")}
	}
	return nil
}

// reportAnswer is one page of a report.
type reportAnswer struct {
	Headers []string `json:"headers"`
	Rows    []struct {
		Columns []*string `json:"columns"` // null if there is no value
	} `json:"rows"`
	Total *int64 `json:"totalrowcount"` // on all pages
}

func (r *reportReader) page(ctx context.Context, number int) (reportAnswer, error) {
	form := url.Values{
		"reportid": {decimal(r.report)}, "page": {strconv.Itoa(number)}, "perpage": {strconv.Itoa(reportPage)},
	}
	var answer struct {
		Data reportAnswer `json:"data"`
	}
	if err := r.client.call(ctx, request{function: fnReport, form: form}, &answer); err != nil {
		return reportAnswer{}, err
	}
	page := answer.Data
	if page.Headers == nil || page.Rows == nil || page.Total == nil {
		return reportAnswer{}, r.fault(Unexpected, errMissing("headers, rows or totalrowcount"))
	}
	return page, nil
}
