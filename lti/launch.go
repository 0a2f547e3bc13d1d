package lti

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"golang.org/x/text/language"
)

// MessageType says what the platform wants.
type MessageType string

// ResourceLinkRequest opens the tool from a link in a course.
const ResourceLinkRequest MessageType = "LtiResourceLinkRequest"

// LaunchRequest holds what the platform's form posted, and the cookies.
type LaunchRequest struct {
	IDToken string // id_token
	State   string // state
	Error   string // error, when the platform refused
	// Cookie returns the value of a cookie, empty when there is none.
	Cookie func(name string) string
}

// Launch is a verified launch: who opened the tool, where, in which role.
type Launch struct {
	Registration Registration
	Deployment   DeploymentID
	Message      MessageType
	Target       string // path of ours that the login asked for
	User         string // sub: the same person in all courses of the platform
	Name         string // may be empty, as the following
	GivenName    string
	FamilyName   string
	Email        string
	Language     string // BCP 47
	Roles        Roles
	Context      *Context // nil outside a course
	ResourceLink ResourceLink
	Custom       map[string]string // variables the platform left unreplaced are absent
	ReturnURL    string            // on the platform's origin, else empty; holds its session key: do not store
	PlatformName string
	Product      string // such as "moodle"
}

// Context is the course.
type Context struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Title string `json:"title"`
}

// ResourceLink is the link that was opened.
type ResourceLink struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Launch verifies a launch (1EdTech Security Framework, section 5.1.3; LTI 1.3
// Core, section 5). The state is used up whatever comes of it.
func (t *Tool) Launch(ctx context.Context, r LaunchRequest) (Launch, error) {
	state, err := t.takeState(ctx, r)
	if err != nil {
		return Launch{}, err
	}
	if r.Error != "" {
		return Launch{}, &Error{Reason: PlatformRefused, Detail: printable(r.Error)}
	}
	reg, err := t.cfg.Registrations.Registration(ctx, state.Registration)
	if errors.Is(err, ErrNotFound) {
		return Launch{}, refuse(RegistrationUnknown)
	}
	if err != nil {
		return Launch{}, err
	}
	c, err := t.verify(ctx, reg, r.IDToken)
	if err != nil {
		return Launch{}, err
	}
	if err := c.checkParties(reg); err != nil {
		return Launch{}, err
	}
	if err := c.checkTimes(t.cfg.Now()); err != nil {
		return Launch{}, err
	}
	if nonce, err := c.text("nonce"); err != nil || subtle.ConstantTimeCompare([]byte(nonce), []byte(state.Nonce)) != 1 {
		return Launch{}, refuse(NonceWrong)
	}
	launch, err := c.launch(reg)
	if err != nil {
		return Launch{}, err
	}
	launch.Target = state.Target
	approved, err := t.cfg.Registrations.DeploymentApproved(ctx, reg.ID, launch.Deployment)
	if err != nil {
		return Launch{}, err
	}
	if !approved {
		return Launch{}, refuse(DeploymentPending)
	}
	return launch, nil
}

// takeState uses up the login's state and checks that this browser began it.
func (t *Tool) takeState(ctx context.Context, r LaunchRequest) (State, error) {
	if r.State == "" {
		if r.Error != "" {
			return State{}, &Error{Reason: PlatformRefused, Detail: printable(r.Error)}
		}
		return State{}, refuse(StateMissing)
	}
	id := hash(r.State)
	state, err := t.cfg.States.TakeState(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return State{}, refuse(StateUnknown)
	}
	if err != nil {
		return State{}, err
	}
	if state.Expires < t.cfg.Now().Unix() {
		return State{}, refuse(StateUnknown)
	}
	browser := hash(r.Cookie(CookieName(id)))
	if subtle.ConstantTimeCompare([]byte(browser), []byte(state.Browser)) != 1 {
		return State{}, refuse(BrowserMismatch)
	}
	return state, nil
}

// launch reads the claims of a message whose maker and time are checked.
func (c claims) launch(reg Registration) (Launch, error) {
	message, deployment, err := c.checkMessage()
	if err != nil {
		return Launch{}, err
	}
	l := Launch{Registration: reg, Deployment: deployment, Message: message, Product: reg.Product, PlatformName: reg.Name}
	for name, field := range map[string]*string{
		"sub": &l.User, "name": &l.Name, "given_name": &l.GivenName, "family_name": &l.FamilyName, "email": &l.Email, "locale": &l.Language,
	} {
		if err := c.into(name, field); err != nil {
			return Launch{}, err
		}
	}
	if l.User == "" {
		return Launch{}, refuse(SubjectMissing)
	}
	if _, ok := c[claimRoles]; !ok {
		return Launch{}, refuse(RolesMissing)
	}
	for name, field := range map[string]any{
		claimRoles: &l.Roles, claimContext: &l.Context, claimResourceLink: &l.ResourceLink,
	} {
		if err := c.into(name, field); err != nil {
			return Launch{}, err
		}
	}
	if l.ResourceLink.ID == "" {
		return Launch{}, refuse(ResourceLinkWrong)
	}
	if l.Context != nil && l.Context.ID == "" {
		l.Context = nil
	}
	if err := l.checkLengths(); err != nil {
		return Launch{}, err
	}
	if l.Name == "" {
		l.Name = strings.TrimSpace(l.GivenName + " " + l.FamilyName)
	}
	return l, c.surroundings(&l)
}

func (l Launch) checkLengths() error {
	ids := []string{l.User, l.ResourceLink.ID}
	if l.Context != nil {
		ids = append(ids, l.Context.ID)
	}
	for _, id := range ids {
		if len(id) > maxIdentifiers {
			return refuse(IDTooLong)
		}
	}
	return nil
}

// surroundings reads what a launch can do without.
func (c claims) surroundings(l *Launch) error {
	var presentation struct {
		Locale    string `json:"locale"`
		ReturnURL string `json:"return_url"`
	}
	var platform struct {
		Name    string `json:"name"`
		Product string `json:"product_family_code"`
	}
	custom := map[string]json.RawMessage{}
	if err := c.into(claimPresentation, &presentation); err != nil {
		return err
	}
	if err := c.into(claimPlatform, &platform); err != nil {
		return err
	}
	if err := c.into(claimCustom, &custom); err != nil {
		return err
	}
	if presentation.Locale != "" {
		l.Language = presentation.Locale
	}
	l.Language = normalLanguage(l.Language)
	if sameOrigin(presentation.ReturnURL, l.Registration.AuthURL) {
		l.ReturnURL = presentation.ReturnURL
	}
	if platform.Name != "" {
		l.PlatformName = platform.Name
	}
	if platform.Product != "" {
		l.Product = platform.Product
	}
	l.Custom = customValues(custom)
	return nil
}

// customValues drops what the platform did not replace: a value that still
// reads "$Person.name" says nothing.
func customValues(raw map[string]json.RawMessage) map[string]string {
	values := map[string]string{}
	for name, v := range raw {
		var s string
		if json.Unmarshal(v, &s) == nil && !strings.HasPrefix(s, "$") {
			values[name] = s
		}
	}
	return values
}

// normalLanguage makes BCP 47 of what platforms send ("pt_br", "de_du"),
// falling back to the language alone; empty when there is none.
func normalLanguage(s string) string {
	s = strings.ReplaceAll(s, "_", "-")
	if tag, err := language.Parse(s); err == nil && tag != language.Und {
		return tag.String()
	}
	base, _, _ := strings.Cut(s, "-")
	if tag, err := language.Parse(base); err == nil && tag != language.Und {
		return tag.String()
	}
	return ""
}

func sameOrigin(a, b string) bool {
	u, err := url.Parse(a)
	if err != nil {
		return false
	}
	v, err := url.Parse(b)
	return err == nil && u.Host != "" && u.Scheme == v.Scheme && u.Host == v.Host
}

// printable keeps a foreign word fit for a log and a page.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	return s[:min(len(s), 80)]
}
