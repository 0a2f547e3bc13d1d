package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/web/page"
)

// toolData is the page to connect an LMS without dynamic registration: the values to
// enter in the LMS, and a form for the values of the LMS.
type toolData struct {
	Values  []toolValue
	Form    platformForm
	Problem string
	Keys    []keyRow
}

// toolValue is one value to copy into the LMS.
type toolValue struct {
	Name  string // end of a catalogue key
	Value string
}

// platformForm has the values of a platform that an administrator typed in.
type platformForm struct {
	Name, Issuer, ClientID, AuthURL, TokenURL, KeysURL, Deployment string
}

// keyRow is one of the tool's own keys.
type keyRow struct {
	ID    string
	From  time.Time
	State keyring.State
}

func (h *Handler) toolPage(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	return h.showTool(w, r, admin, platformForm{}, nil)
}

func (h *Handler) showTool(w http.ResponseWriter, r *http.Request, admin page.AdminSession, form platformForm, refused error) error {
	locale := h.Locale(r, nil)
	page.RememberLanguage(w, r, locale)
	data := toolData{Values: h.toolValues(), Form: form}
	status := http.StatusOK
	if refused != nil {
		status, data.Problem = http.StatusUnprocessableEntity, page.Message(refused, locale)
	}
	var err error
	if data.Keys, err = h.keyRows(r.Context()); err != nil {
		return err
	}
	return h.ShowStatus(w, r, status, locale, "admin/tool", admin.Page(locale.T("tool.title", nil), data))
}

// toolValues returns the addresses and settings of the tool under the names that an LMS
// uses.
func (h *Handler) toolValues() []toolValue {
	client := h.Registration.Client()
	var custom []string
	for name, value := range client.Custom {
		custom = append(custom, name+"="+value)
	}
	slices.Sort(custom)
	return []toolValue{
		{"name", client.Name},
		{"target", client.TargetURL},
		{"login", h.BaseURL + page.LoginPath},
		{"redirect", h.BaseURL + page.LaunchPath},
		{"keys", h.BaseURL + page.KeysPath},
		{"deep_linking", client.TargetURL},
		{"icon", client.LogoURL},
		{"custom", strings.Join(custom, "\n")},
		{"scopes", strings.Join(client.Scopes, "\n")},
	}
}

func (h *Handler) keyRows(ctx context.Context) ([]keyRow, error) {
	keys, err := h.Keyring.Keys(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]keyRow, len(keys))
	for i, k := range keys {
		rows[i] = keyRow{k.ID, k.SignsFrom, k.State}
	}
	return rows, nil
}

// addPlatform saves a platform that an administrator typed in.
func (h *Handler) addPlatform(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	form := platformForm{
		Name: field("name"), Issuer: field("issuer"), ClientID: field("client_id"), AuthURL: field("auth_url"),
		TokenURL: field("token_url"), KeysURL: field("keys_url"), Deployment: field("deployment"),
	}
	id, err := h.Registration.AddByHand(r.Context(), lti.Registration{
		Issuer: form.Issuer, ClientID: form.ClientID, AuthURL: form.AuthURL, TokenURL: form.TokenURL, KeysURL: form.KeysURL, Name: form.Name,
	}, lti.DeploymentID(form.Deployment))
	if fault.Is(err, fault.Internal) {
		return err
	}
	if err != nil {
		return h.showTool(w, r, admin, form, err)
	}
	return page.SeeOther(w, r, "/admin/platforms/"+string(id))
}

// useNextKey replaces the tool's key now, because the current one may have leaked.
func (h *Handler) useNextKey(w http.ResponseWriter, r *http.Request, _ page.AdminSession) error {
	if err := h.Keyring.UseNext(r.Context()); err != nil {
		return err
	}
	return page.SeeOther(w, r, "/admin/tool#keys")
}
