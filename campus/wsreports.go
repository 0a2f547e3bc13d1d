package campus

import (
	"slices"
)

// wsReports lists the custom reports that the service user has access to.
func (c *Campus) wsReports(wsArgs) (any, error) {
	list := []object{}
	for _, r := range sortedReports() {
		if !c.faults.OutsideAudience {
			list = append(list, c.wsReportDetails(r))
		}
	}
	return object{"reports": list, "warnings": []any{}}, nil
}

// wsReport returns one page of a report; ten rows is the default. A page after the last
// is empty. Every page has the correct total number of rows.
func (c *Campus) wsReport(a wsArgs) (any, error) {
	r, err := c.openReport(a)
	if err != nil {
		return nil, err
	}
	perPage := wsNumber(a.text("perpage"))
	if perPage == 0 {
		perPage = 10
	}
	all := c.school.rows(r, c.filters[r.id])
	if c.answersForeignCourse(a.text("wsfunction"), a.call()) {
		all = c.school.foreign.rows(r, reportFilter{})
	}
	rows := []object{}
	for _, row := range page(all, wsNumber(a.text("page"))*perPage, perPage) {
		cells := make([]any, len(r.columns))
		for i, column := range r.columns {
			cells[i] = column.cell(c, row)
		}
		rows = append(rows, object{"columns": cells})
	}
	return object{
		"details":  c.wsReportDetails(r),
		"data":     object{"headers": r.headings(), "rows": rows, "totalrowcount": len(all)},
		"warnings": []any{},
	}, nil
}

// wsSetFilters stores a filter for later calls.
func (c *Campus) wsSetFilters(a wsArgs) (any, error) {
	r, err := c.openReport(a)
	if err != nil {
		return nil, err
	}
	f, err := readReportFilter(a.text("values"))
	if err != nil {
		return nil, err
	}
	if c.faults.ReportsUnfiltered {
		f = reportFilter{}
	}
	if c.faults.CourselessReport == r.id {
		f.courses = nil
	}
	c.filters[r.id] = f
	return true, nil
}

// openReport finds the report of a call. Access depends on the report's audience only,
// not on a capability.
func (c *Campus) openReport(a wsArgs) (report, error) {
	id, err := a.number("reportid")
	if err != nil {
		return report{}, err
	}
	all := reports()
	i := slices.IndexFunc(all, func(r report) bool { return r.id == id })
	switch {
	case i < 0:
		return report{}, missingRecord("reportbuilder_report")
	case c.faults.OutsideAudience:
		return report{}, errAudience
	}
	return all[i], nil
}

func (c *Campus) wsReportDetails(r report) object {
	const made = 1767225600 // when the course began
	maker := c.school.people[0]
	return object{
		"id": r.id, "name": r.name, "source": `core_course\reportbuilder\datasource\participants`, "sourcename": "Course participants",
		"type": 0, "uniquerows": true, "conditiondata": r.condition, "settingsdata": nil, "contextid": 1, "component": "", "area": "",
		"itemid": 0, "usercreated": maker.ID, "usermodified": maker.ID, "timecreated": made, "timemodified": made, "tags": []any{},
		"modifiedby": object{
			"id": maker.ID, "email": maker.Email, "idnumber": "", "phone1": "", "phone2": "", "department": "", "institution": "",
			"fullname": maker.Name(), "identity": maker.Email, "profileurl": c.url("/user/profile.php?id=2"),
			"profileimageurl": c.url("/site/user.svg"), "profileimageurlsmall": c.url("/site/user.svg"),
		},
	}
}
