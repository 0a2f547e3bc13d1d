package teacher

import (
	"errors"
	"net/http"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// badgeFormData is the form that makes or edits a badge.
type badgeFormData struct {
	Content    badges.Content
	Badge      badges.BadgeID // empty for a new badge
	Months     string         // of validity, as they were typed
	Details    detailsForm
	Rule       ruleNode
	Issuers    []badges.Issuer
	Pictures   []pictureChoice
	MaxUpload  int    // in bytes
	Problem    string // why the last attempt was refused
	Unreadable string // why the course's activities could not be read
	Action     string
	Back       string
	Issued     bool           // learners have awards of the version that is edited
	After      *view.StepLink // the badge is the next step after this one; nil if it is not
	AfterID    badges.BadgeID
}

func (h *Handler) newBadgeForm(w http.ResponseWriter, r *http.Request, who page.Session) error {
	form, err := h.newForm(r, who, badges.BadgeID(r.URL.Query().Get("after")))
	if err != nil {
		return err
	}
	return h.showBadgeForm(w, r, who, form, nil)
}

// newForm returns the form of a new badge. If after is not empty, the badge is the next
// step after that one and starts with its content.
func (h *Handler) newForm(r *http.Request, who page.Session, after badges.BadgeID) (badgeFormData, error) {
	form := badgeFormData{
		Content: badges.Content{Language: h.Locale(r, &who).Lang(), Rule: badges.Rule{Kind: badges.All}},
		Action:  who.Path("/badges/new"), Back: who.Path("/badges"),
	}
	if after == "" {
		return form, nil
	}
	below, err := h.Store.Badge(r.Context(), who.Course, after)
	if err != nil {
		return form, err
	}
	steps, err := h.Store.Steps(r.Context(), who.Course)
	if err != nil {
		return form, err
	}
	form.Content, form.AfterID, form.Back = below.Current.Content, below.ID, who.Path("/badges/"+string(below.ID))
	form.After = &view.StepLink{Name: below.Current.Name, Path: form.Back, State: below.State}
	return form, steps.Check("", below.ID)
}

func (h *Handler) createBadge(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx := r.Context()
	if err := page.ParseForm(r); err != nil {
		return err
	}
	form, err := h.newForm(r, who, badges.BadgeID(r.PostFormValue("after")))
	if err != nil {
		return err
	}
	below := form.Content.Rule
	content, err := h.readBadgeForm(r, who, form)
	form.Content = content
	if err == nil && form.After != nil {
		err = below.CheckNext(&content.Rule)
	}
	if err != nil {
		return h.showBadgeForm(w, r, who, form, err)
	}
	var made badges.Badge
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		if made, err = tx.CreateBadge(ctx, who.Course, content, who.User); err != nil || form.After == nil {
			return err
		}
		return tx.SetStep(ctx, who.Course, made.ID, form.AfterID, who.User)
	})
	if err != nil {
		return h.showBadgeForm(w, r, who, form, err)
	}
	return page.SeeOther(w, r, who.Path("/badges/"+string(made.ID)))
}

func (h *Handler) editBadgeForm(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	return h.showBadgeForm(w, r, who, h.editForm(who, badge), nil)
}

func (h *Handler) editForm(who page.Session, badge badges.Badge) badgeFormData {
	path := who.Path("/badges/" + string(badge.ID))
	return badgeFormData{
		Badge: badge.ID, Content: badge.Current.Content, Action: path + "/edit", Back: path, Issued: badge.State != badges.Draft,
	}
}

func (h *Handler) editBadge(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx := r.Context()
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	form := h.editForm(who, badge)
	content, err := h.readBadgeForm(r, who, form)
	form.Content = content
	if err != nil {
		return h.showBadgeForm(w, r, who, form, err)
	}
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.EditBadge(ctx, who.Course, badge.ID, content, who.User); err != nil {
			return err
		}
		return tx.RequestSync(ctx, who.Course, badges.ByTeacher)
	})
	if err != nil {
		return h.showBadgeForm(w, r, who, form, err)
	}
	return page.SeeOther(w, r, form.Back)
}

// showBadgeForm shows the form with what was typed. If refused is not nil, it shows
// why.
func (h *Handler) showBadgeForm(w http.ResponseWriter, r *http.Request, who page.Session, form badgeFormData, refused error) error {
	locale := h.Locale(r, &who)
	status := http.StatusOK
	form.Details, form.Months = detailsOf(form.Content, locale), typedWhole(form.Content.ValidMonths)
	if r.Method == http.MethodPost {
		form.Details, form.Months = typedDetails(r.PostForm), r.PostFormValue("valid_months")
	}
	if errors.Is(refused, errImported) {
		refused = nil
	}
	if refused != nil {
		described := page.Describe(refused, locale)
		if described.Status == http.StatusInternalServerError {
			return refused
		}
		status, form.Problem = http.StatusUnprocessableEntity, described.Message
		form.Details.refused(refused, locale)
	}
	outline, err := h.courseOutline(r.Context(), who, form.Badge)
	if err != nil {
		form.Unreadable = page.Message(err, locale)
	} else if gone := form.Content.Rule.CheckAgainst(outline); gone != nil && refused == nil {
		form.Problem = page.Message(gone, locale)
	}
	form.Issuers, err = h.Store.Issuers(r.Context(), who.Course.Platform)
	if err != nil {
		return err
	}
	form.Rule = ruleForm(form.Content.Rule, conditionOptions(outline, form.Content.Rule, locale))
	form.Pictures, form.MaxUpload = h.pictureChoices(form.Content.Picture, locale), picture.MaxUpload
	title := locale.T("teacher.form_new_title", nil)
	switch {
	case form.After != nil:
		title = locale.T("step.form_title", map[string]any{"Badge": form.After.Name})
	case form.Content.Name != "":
		title = form.Content.Name
	}
	return h.ShowStatus(w, r, status, locale, "teacher/form", who.Page(title, form))
}

// readBadgeForm returns what was typed; the language is that of form unless another was
// chosen. It does so with an error too, so that no text and no uploaded picture is lost.
func (h *Handler) readBadgeForm(r *http.Request, who page.Session, form badgeFormData) (badges.Content, error) {
	if err := page.ParseForm(r); err != nil {
		return badges.Content{}, err
	}
	content := badges.Content{
		Name: r.PostFormValue("name"), Description: r.PostFormValue("description"), Criteria: r.PostFormValue("criteria"),
		Language: form.Content.Language, Issuer: badges.IssuerID(r.PostFormValue("issuer")), ValidMonths: readWhole(r.PostForm, "valid_months"),
	}
	readDetails(r.PostForm, &content)
	var pictureErr, ruleErr error
	content.Picture, pictureErr = h.readPicture(r)
	outline, readErr := h.courseOutline(r.Context(), who, form.Badge)
	if r.PostFormValue("import") != "" {
		if content.Rule, ruleErr = importRule(r, outline); ruleErr == nil {
			ruleErr = errImported
		}
		return content, ruleErr
	}
	content.Rule, ruleErr = h.readRule(r, outline)
	if err := errors.Join(pictureErr, ruleErr); err != nil {
		return content, err
	}
	if err := content.Validate(); err != nil {
		return content, err
	}
	if _, err := h.Store.PlatformIssuer(r.Context(), who.Course.Platform, content.Issuer); err != nil {
		return content, err
	}
	if readErr != nil && !content.Rule.IsByHand() {
		return content, readErr // without the LMS we cannot check the rule
	}
	return content, content.Rule.CheckAgainst(outline)
}
