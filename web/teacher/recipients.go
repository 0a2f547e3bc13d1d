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

// recipientPageSize is how many recipients are shown at once.
const recipientPageSize = 50

// recipientsData is a badge's recipients: the first page of those that were
// asked for, or one more.
type recipientsData struct {
	Path   string // where they are asked for
	Rows   []recipientRow
	More   string       // where the next page is asked for; empty on the last
	States []stateCount // of all recipients, the empty ones left out
	Total  int          // of all recipients
	Found  int          // that were asked for
	Asked  bool         // for some of them only
}

// stateCount is one choice of the filter.
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
	Gradebook string                // why the LMS did not take the grade; empty when it did
	By        string                // the teacher who awarded it by hand; empty when the rule did
	Given     *badges.GivenEvidence // by hand; nil when none was given
}

// assertionStates in the order the filter shows them.
var assertionStates = []badges.AssertionState{badges.Withheld, badges.Pending, badges.Claimed, badges.Declined, badges.Replaced, badges.Withdrawn, badges.Revoked}

// recipientsPage shows the recipients that were asked for: the first page, or
// the one after a row.
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
		return data, nil // the counts stand on the page already
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
		if state != store.Expired { // who has expired is counted under their state
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

// noticeOf sums up how telling the learner of one award goes. Nothing is sent of a
// withheld one before its release has taken effect.
func noticeOf(one store.Recipient) string {
	if key := withheldNotice(one.Assertion); key != "" {
		return key
	}
	return noticeState(one.State, one.Told, one.Failing)
}

// withheldNotice says when the notices of a withheld award are sent; empty for others.
func withheldNotice(a badges.Assertion) string {
	switch {
	case a.State != badges.Withheld:
		return ""
	case a.ReleasedAt.IsZero():
		return "notice.withheld"
	}
	return "notice.released"
}

// noticeState sums up how telling a learner goes: told by one channel is told,
// and who has decided needs no notice.
func noticeState(state badges.AssertionState, told, failing bool) string {
	if told {
		return "notice.sent"
	}
	switch state {
	case badges.Claimed, badges.Declined, badges.Withdrawn, badges.Revoked, badges.Replaced:
		return "notice.unneeded"
	default:
	}
	if failing {
		return "notice.failing"
	}
	return "notice.waiting"
}
