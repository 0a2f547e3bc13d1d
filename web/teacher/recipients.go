package teacher

import (
	"net/http"
	"net/url"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// recipientPageSize is how many recipients a page shows.
const recipientPageSize = 50

// recipientsData is a page of a badge's recipients that match the filter.
type recipientsData struct {
	Path   string // address of the list
	Rows   []recipientRow
	More   string       // address of the next page; empty on the last page
	States []stateCount // of all recipients; states without recipients are left out
	Total  int          // of all recipients
	Found  int          // recipients that match the filter
	Asked  bool         // a filter is set
}

// stateCount is one option of the filter.
type stateCount struct {
	State badges.AssertionState
	Count int
}

type recipientRow struct {
	view.Validity

	Name      string
	Path      string
	State     badges.AssertionState
	AwardedAt time.Time
	Notice    string                // catalogue key of the notice's state
	PublicURL string                // empty unless public
	Gradebook string                // why the LMS refused the score; empty if it did not
	By        string                // the teacher who awarded it by hand; empty for an award by rule
	Given     *badges.GivenEvidence // evidence of an award by hand; nil if there is none
}

// assertionStates are in the order in which the filter shows them.
var assertionStates = []badges.AssertionState{badges.Withheld, badges.Pending, badges.Claimed, badges.Private, badges.Declined, badges.Replaced, badges.Withdrawn, badges.Revoked}

// recipientsPage shows the recipients that match the filter: the first page, or the
// page after the row in ?after=.
func (h *Handler) recipientsPage(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	locale := h.Locale(r, &who)
	data, err := h.recipients(r, who, badge.ID, locale)
	if err != nil {
		return err
	}
	name := "teacher/fragment/recipients"
	if r.URL.Query().Get("after") != "" {
		name = "teacher/fragment/recipients_page"
	}
	return h.Show(w, r, locale, name, who.Page(badge.Current.Name, data))
}

func (h *Handler) recipients(r *http.Request, who page.Session, id badges.BadgeID, locale templates.Locale) (recipientsData, error) {
	if err := page.ParseForm(r); err != nil {
		return recipientsData{}, err
	}
	ctx, asked := r.Context(), r.Form
	q := store.RecipientQuery{
		State: badges.AssertionState(asked.Get("state")), Name: asked.Get("name"), After: badges.AssertionID(asked.Get("after")), Limit: recipientPageSize + 1,
	}
	data := recipientsData{Path: who.Path("/badges/" + string(id) + "/recipients"), Asked: q.State != "" || q.Name != ""}
	list, err := h.Store.Recipients(ctx, who.Course, id, q)
	if err != nil {
		return recipientsData{}, err
	}
	if len(list) == q.Limit {
		list = list[:recipientPageSize]
		data.More = data.Path + "?" + url.Values{"state": {string(q.State)}, "name": {q.Name}, "after": {string(list[recipientPageSize-1].ID)}}.Encode()
	}
	teachers := map[badges.UserID]string{}
	for _, one := range list {
		row := h.recipientRow(one, data.Path, locale)
		if f, byHand := one.ByHand(); byHand {
			if teachers[f.By] == "" {
				teacher, err := h.person(ctx, who.Course, f.By)
				if err != nil {
					return recipientsData{}, err
				}
				teachers[f.By] = teacher.Name
			}
			row.By, row.Given = teachers[f.By], f.Given
		}
		data.Rows = append(data.Rows, row)
	}
	if q.After != "" {
		return data, nil // the page shows the counts already
	}
	return data, h.countRecipients(r, who, id, q, &data)
}

func (h *Handler) countRecipients(r *http.Request, who page.Session, id badges.BadgeID, q store.RecipientQuery, data *recipientsData) error {
	all, err := h.Store.CountRecipients(r.Context(), who.Course, id, "")
	if err != nil {
		return err
	}
	found := all
	if q.Name != "" {
		if found, err = h.Store.CountRecipients(r.Context(), who.Course, id, q.Name); err != nil {
			return err
		}
	}
	for _, state := range assertionStates {
		if all[state] > 0 {
			data.States = append(data.States, stateCount{state, all[state]})
		}
	}
	if all[store.Expired] > 0 {
		data.States = append(data.States, stateCount{store.Expired, all[store.Expired]})
	}
	for state, n := range all {
		if state != store.Expired { // expired awards are counted under their state too
			data.Total += n
		}
		if q.State == state || q.State == "" && state != store.Expired {
			data.Found += found[state]
		}
	}
	return nil
}

func (h *Handler) recipientRow(one store.Recipient, path string, locale templates.Locale) recipientRow {
	row := recipientRow{
		Validity: h.Views.Validity(one.Assertion),
		Name:     one.Recipient.Name, Path: path + "/" + string(one.ID), State: one.State, AwardedAt: one.AwardedAt,
		Notice: noticeOf(one),
	}
	if one.Refused != "" {
		row.Gradebook = locale.T(one.Refused.Key(), nil)
	}
	if one.Public() {
		row.PublicURL = h.Links.Page(one.ID)
	}
	return row
}

// noticeOf returns the catalogue key of the state of an award's notices.
func noticeOf(one store.Recipient) string {
	if key := withheldNotice(one.Assertion); key != "" {
		return key
	}
	state := noticeState(one.State, one.Told, one.Failing)
	without, ok := noticeWithoutAddress[state]
	switch {
	case !ok || one.Recipient.HasAddress():
		return state
	case one.Silent:
		return "notice.no_address"
	}
	return without
}

// noticeWithoutAddress has the catalogue keys for learners whom no mail can reach.
var noticeWithoutAddress = map[string]string{
	"notice.sent":    "notice.no_address_told",
	"notice.failing": "notice.no_address_failing",
	"notice.waiting": "notice.no_address_waiting",
}

// withheldNotice returns the catalogue key that says when the notices of a withheld
// award will be sent; empty for other awards.
func withheldNotice(a badges.Assertion) string {
	switch {
	case a.State != badges.Withheld:
		return ""
	case a.ReleasedAt.IsZero():
		return "notice.withheld"
	}
	return "notice.released"
}

// noticeState returns the catalogue key of the state of a notice. One channel is
// enough. A learner who has decided needs no notice.
func noticeState(state badges.AssertionState, sent, failing bool) string {
	if sent {
		return "notice.sent"
	}
	switch state {
	case badges.Claimed, badges.Private, badges.Declined, badges.Withdrawn, badges.Revoked, badges.Replaced:
		return "notice.unneeded"
	default:
	}
	if failing {
		return "notice.failing"
	}
	return "notice.waiting"
}
