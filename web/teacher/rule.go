package teacher

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/web/page"
)

// ruleNode is a row of the form for a rule: a condition, or a group with its members.
// The form sends the rows in order, each with its depth.
type ruleNode struct {
	Depth int // 0 for the rule itself
	Group bool
	Match badges.RuleKind // of a group; by_hand is possible at depth 0
	Count string          // how many members of an at_least group are needed
	Of    []ruleNode

	Value   string // what a condition asks about; empty: nothing chosen yet
	Label   string // its name when it was chosen
	Percent string
	From    string // the first day that counts, as a date field needs it
	Until   string // the last day that counts
	Options []optionGroup
}

// CanNest reports whether the group may contain groups.
func (n ruleNode) CanNest() bool { return n.Depth < badges.MaxRuleDepth-2 }

// Below returns the depth of the group's members.
func (n ruleNode) Below() int { return n.Depth + 1 }

// conditionValue returns a condition as an option value of the form: kind, id and
// course, each escaped.
func conditionValue(r badges.Rule) string {
	s := r.Subject()
	value := string(r.Kind)
	if s.ID != "" || s.Course != "" {
		value += ":" + url.QueryEscape(s.ID)
	}
	if s.Course != "" {
		value += ":" + url.QueryEscape(string(s.Course))
	}
	return value
}

// parseCondition parses a text that conditionValue wrote. It accepts any text: the
// validation of the rule refuses what makes no sense.
func parseCondition(value string) badges.Rule {
	kind, rest, _ := strings.Cut(value, ":")
	id, course, _ := strings.Cut(rest, ":")
	id, _ = url.QueryUnescape(id)
	course, _ = url.QueryUnescape(course)
	c := badges.Rule{Kind: badges.RuleKind(kind), Course: badges.ContextID(course)}
	switch c.Kind {
	case badges.ActivityCompleted, badges.ActivityPassed, badges.ActivityGrade:
		c.Activity = badges.ActivityID(id)
	case badges.LineItemGrade:
		c.LineItem = badges.LineItemID(id)
	case badges.GroupMember:
		c.Group = badges.GroupID(id)
	case badges.BadgeHeld:
		c.Badge = badges.BadgeID(id)
	case badges.CourseCompleted, badges.CourseGrade, badges.ByHand, badges.All, badges.Any, badges.AtLeast:
	}
	return c
}

// conditionRow shows the empty row that the "add a condition" button requests.
func (h *Handler) conditionRow(w http.ResponseWriter, r *http.Request, who page.Session) error {
	return h.emptyRow(w, r, who, ruleNode{})
}

// groupRow shows the empty group that the "add a group" button requests.
func (h *Handler) groupRow(w http.ResponseWriter, r *http.Request, who page.Session) error {
	return h.emptyRow(w, r, who, ruleNode{Group: true, Match: badges.Any})
}

func (h *Handler) emptyRow(w http.ResponseWriter, r *http.Request, who page.Session, row ruleNode) error {
	depth, err := strconv.Atoi(r.URL.Query().Get("depth"))
	if err != nil || depth < 1 || depth >= badges.MaxRuleDepth {
		return fault.New(fault.Invalid, "rule.too_large")
	}
	outline, err := h.keptOutline(r.Context(), who, "")
	if err != nil {
		return err
	}
	locale := h.Locale(r, &who)
	row.Depth, row.Options = depth, conditionOptions(outline, badges.Rule{}, locale)
	if row.Group {
		row.Of = []ruleNode{{Depth: depth + 1, Options: row.Options}}
	}
	return h.Show(w, r, locale, "teacher/fragment/condition", who.Page("", row))
}

// ruleForm returns rule as the rows of the form.
func ruleForm(rule badges.Rule, options []optionGroup) ruleNode {
	if !rule.IsGroup() && !rule.IsByHand() {
		rule = badges.Rule{Kind: badges.All, Of: []badges.Rule{rule}}
	}
	root := node(rule, 0, options)
	if len(root.Of) == 0 {
		root.Of = []ruleNode{{Depth: 1, Options: options}}
	}
	return root
}

func node(r badges.Rule, depth int, options []optionGroup) ruleNode {
	n := ruleNode{Depth: depth, Options: options}
	if r.IsGroup() || r.IsByHand() {
		n.Group, n.Match = true, r.Kind
		if r.Count > 0 {
			n.Count = strconv.Itoa(r.Count)
		}
		for _, child := range r.Of {
			n.Of = append(n.Of, node(child, depth+1, options))
		}
		return n
	}
	n.Value, n.Label = conditionValue(r), r.Name
	if r.Percent != 0 {
		n.Percent = strconv.FormatFloat(r.Percent, 'f', -1, 64)
	}
	if !r.From.IsZero() {
		n.From = r.From.Format(time.DateOnly)
	}
	if !r.Until.IsZero() {
		n.Until = r.Until.Add(-time.Nanosecond).Format(time.DateOnly)
	}
	return n
}

// ruleReader reads a rule from the rows of a form.
type ruleReader struct {
	form       url.Values
	names      map[string]string // by condition value, as offeredNames returns them
	zone       *time.Location
	rows       []string // condition:depth or group:depth, in order; those that are read are removed
	groups     int      // number of groups read so far
	conditions int
}

// readRule returns the rule in the form. Days are in the time zone of the server.
func (h *Handler) readRule(r *http.Request, outline *badges.Outline) (badges.Rule, error) {
	reader := &ruleReader{form: r.PostForm, names: offeredNames(outline), zone: h.Now().Location(), rows: r.PostForm["node"]}
	rule, err := reader.group(0)
	if err != nil {
		return rule, err
	}
	if rule.IsByHand() {
		rule.Of = nil
	}
	return rule, rule.Validate()
}

// at returns the i-th value of a field; empty if it was not sent.
func (r *ruleReader) at(field string, i int) string {
	if values := r.form[field]; i < len(values) {
		return strings.TrimSpace(values[i])
	}
	return ""
}

// group reads a group at depth and all rows below it.
func (r *ruleReader) group(depth int) (badges.Rule, error) {
	g := badges.Rule{Kind: badges.All}
	switch kind := badges.RuleKind(r.at("match", r.groups)); kind { //nolint:exhaustive // only groups are read here
	case badges.Any, badges.AtLeast:
		g.Kind = kind
	case badges.ByHand:
		if depth == 0 {
			g.Kind = kind
		}
	}
	if g.Kind == badges.AtLeast {
		g.Count, _ = strconv.Atoi(r.at("count", r.groups)) // not a number: 0, which the validation refuses
	}
	r.groups++
	var first error
	for len(r.rows) > 0 {
		kind, level, _ := strings.Cut(r.rows[0], ":")
		if below, err := strconv.Atoi(level); err != nil || below <= depth {
			if err != nil {
				r.rows = r.rows[1:]
				continue
			}
			break
		}
		r.rows = r.rows[1:]
		child, err := r.child(kind, depth+1)
		if err != nil && first == nil {
			first = err
		}
		if child.Kind != "" && (!child.IsGroup() || len(child.Of) > 0) {
			g.Of = append(g.Of, child)
		}
	}
	return g, first
}

func (r *ruleReader) child(kind string, depth int) (badges.Rule, error) {
	if kind == "group" {
		return r.group(depth)
	}
	return r.condition()
}

// condition reads a row. It returns the zero rule if nothing was chosen in the row.
func (r *ruleReader) condition() (badges.Rule, error) {
	i := r.conditions
	r.conditions++
	value := r.at("condition", i)
	if value == "" {
		return badges.Rule{}, nil
	}
	c := parseCondition(value)
	c.Name, c.CourseName = r.names[value], r.names[string(c.Course)]
	if c.Name == "" {
		c.Name = r.at("label", i)
	}
	var err error
	if c.IsGrade() {
		c.Percent, err = strconv.ParseFloat(strings.Replace(r.at("percent", i), ",", ".", 1), 64)
		if err != nil {
			return c, fault.New(fault.Invalid, "rule.percent_out_of_range")
		}
	}
	if c.From, err = r.day("from", i); err != nil {
		return c, err
	}
	if c.Until, err = r.day("until", i); err != nil {
		return c, err
	}
	if !c.Until.IsZero() {
		c.Until = c.Until.AddDate(0, 0, 1) // the last day counts
	}
	return c, nil
}

func (r *ruleReader) day(field string, i int) (time.Time, error) {
	text := r.at(field, i)
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, r.zone)
	if err != nil || day.Year() < 2000 || day.Year() > 9998 {
		return time.Time{}, fault.New(fault.Invalid, "rule.day_unreadable")
	}
	return day, nil
}
