package lti

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"
)

// MessageType is the purpose of a launch.
type MessageType string

// The message types that this tool supports.
const (
	// ResourceLinkRequest opens the tool from a link in a course.
	ResourceLinkRequest MessageType = "LtiResourceLinkRequest"
	// DeepLinkingRequest asks the person to choose content for a course.
	DeepLinkingRequest MessageType = "LtiDeepLinkingRequest"
	// SubmissionReviewRequest opens the work of one learner.
	SubmissionReviewRequest MessageType = "LtiSubmissionReviewRequest"
)

// LaunchRequest contains the form that the platform posted, and the cookies.
type LaunchRequest struct {
	IDToken string // id_token
	State   string // state
	Error   string // error; set if the platform refused
	// Cookie returns the value of a cookie; empty if absent.
	Cookie func(name string) string
	// Proof is the value of the cookie that Login returned, kept by the browser tab
	// because the browser blocks cookies. It is used only if the cookie is absent.
	Proof string
}

// Launch is a verified launch: the person, the place and the roles.
type Launch struct {
	Registration Registration
	Deployment   DeploymentID
	Message      MessageType
	Target       string // path of the tool that the link opens
	User         string // sub: identifies the person in all courses of the platform
	Name         string // may be empty, also the following
	GivenName    string
	FamilyName   string
	Email        string
	Language     string // BCP 47
	Roles        Roles
	MentorOf     []string // users whose mentor this person is, if the role is Mentor
	Context      *Context // nil outside a course
	ResourceLink ResourceLink
	Custom       map[string]string // without variables that the platform did not replace
	ReturnURL    string            // a page of the platform; may be empty; contains a session key, so do not store it
	PlatformName string
	Product      string    // for example "moodle"
	IssuedAt     time.Time // by the platform's clock
	Services     Services
	DeepLinking  *DeepLinking // nil unless the message is a DeepLinkingRequest
	Reviewed     string       // the learner of a SubmissionReviewRequest
}

// Context is the course.
type Context struct {
	ID    string
	Label string
	Title string
}

// ResourceLink is the link that was opened.
type ResourceLink struct {
	ID    string
	Title string
}

// Logins records which logins were used for a launch.
type Logins interface {
	// UseLogin records that a login was used for a launch. It succeeds for exactly one
	// caller; all others get ErrUsed. The record is not needed any more LoginLifetime
	// later.
	UseLogin(ctx context.Context, id string, launch Launch) error
}

// ErrUsed is what Logins returns for a login that was already used.
var ErrUsed = errors.New("login already used")

// Verified is a launch that is valid, provided that its login was not used before.
// Redeem checks that.
type Verified struct {
	launch Launch
	login  string // hash of the state
}

// Redeem marks the login as used and returns the launch. If logins belongs to a
// transaction of the caller, the launch and its consequences are written together.
func (v Verified) Redeem(ctx context.Context, logins Logins) (Launch, error) {
	err := logins.UseLogin(ctx, v.login, v.launch)
	if errors.Is(err, ErrUsed) {
		return Launch{}, &Error{Reason: StateUnknown, Registration: v.launch.Registration.ID, ReturnURL: v.launch.ReturnURL}
	}
	if err != nil {
		return Launch{}, fmt.Errorf("lti: use login: %w", err)
	}
	return v.launch, nil
}

// Verify checks a launch (1EdTech Security Framework, section 5.1.3; LTI 1.3 Core,
// section 5). The result must be redeemed before it is used.
func (t *Tool) Verify(ctx context.Context, r LaunchRequest) (Verified, error) {
	state, err := t.openLogin(r)
	if err != nil {
		return Verified{}, err
	}
	reg, err := t.cfg.Registrations.Registration(ctx, state.Registration)
	if errors.Is(err, ErrNotFound) {
		return Verified{}, refuse(RegistrationUnknown)
	}
	if err != nil {
		return Verified{}, fmt.Errorf("lti: find registration %s: %w", state.Registration, err)
	}
	launch, err := t.launch(ctx, r, reg, state)
	if e, ok := errors.AsType[*Error](err); ok {
		e.Registration = reg.ID
	}
	if err != nil {
		return Verified{}, err
	}
	return Verified{launch: launch, login: LoginID(r.State)}, nil
}

// launch verifies the answer of a registered platform to a login of the tool.
func (t *Tool) launch(ctx context.Context, r LaunchRequest, reg Registration, state state) (Launch, error) {
	if r.Error != "" {
		return Launch{}, &Error{Reason: PlatformRefused, Detail: printable(r.Error)}
	}
	token, err := t.verify(ctx, reg, r.IDToken)
	if err != nil {
		return Launch{}, err
	}
	if err := t.checkLogin(token, reg, state); err != nil {
		return Launch{}, err
	}
	launch, err := t.readApproved(ctx, token, reg, state)
	if e, ok := errors.AsType[*Error](err); ok {
		e.ReturnURL = t.returnURL(token, reg)
	}
	return launch, err
}

// checkLogin checks that a correctly signed token was made for this login. After that,
// its other claims can be trusted.
func (t *Tool) checkLogin(token claims, reg Registration, state state) error {
	if err := token.checkParties(reg); err != nil {
		return err
	}
	if err := token.checkTimes(t.cfg.Now()); err != nil {
		return err
	}
	nonce, err := token.text("nonce")
	if err != nil {
		return err
	}
	if !same(nonce, state.Nonce) {
		return refuse(NonceWrong)
	}
	return nil
}

// readApproved reads the launch from a token for this login. It returns an error unless
// the deployment is approved.
func (t *Tool) readApproved(ctx context.Context, token claims, reg Registration, state state) (Launch, error) {
	launch, err := t.readLaunch(token, reg, state)
	if err != nil {
		return Launch{}, err
	}
	if err := t.checkDeployment(ctx, launch); err != nil {
		return Launch{}, err
	}
	return launch, nil
}

// readLaunch reads the claims of a token for this login.
func (t *Tool) readLaunch(token claims, reg Registration, state state) (Launch, error) {
	launch, err := token.readMessage(reg)
	if err != nil {
		return Launch{}, err
	}
	if !t.returnable(launch.ReturnURL, reg) {
		launch.ReturnURL = ""
	}
	if d := launch.DeepLinking; d != nil && !t.returnable(d.ReturnURL, reg) {
		return Launch{}, refuse(DeepLinkReturn)
	}
	launch.Target = state.Target
	if launch.IssuedAt, err = token.timestamp("iat"); err != nil {
		return Launch{}, err
	}
	target, err := token.text(claimTarget)
	if err == nil && target != "" {
		launch.Target, err = t.target(target) // signed, unlike the target in the login request
	}
	if err != nil {
		return Launch{}, err
	}
	return launch, nil
}

func (t *Tool) checkDeployment(ctx context.Context, l Launch) error {
	approved, err := t.cfg.Registrations.DeploymentApproved(ctx, l.Registration.ID, l.Deployment)
	if err != nil {
		return fmt.Errorf("lti: find deployment %s of registration %s: %w", l.Deployment, l.Registration.ID, err)
	}
	if !approved {
		return refuse(DeploymentPending)
	}
	return nil
}

// openLogin returns the login that a launch belongs to. It returns an error unless the
// login began in this browser.
func (t *Tool) openLogin(r LaunchRequest) (state, error) {
	if r.State == "" {
		if r.Error != "" {
			return state{}, &Error{Reason: PlatformRefused, Detail: printable(r.Error)}
		}
		return state{}, refuse(StateMissing)
	}
	s, err := t.unseal(r.State)
	if err != nil {
		return state{}, err
	}
	if !same(hash(cmp.Or(r.Cookie(CookieName(r.State)), r.Proof)), s.Browser) {
		return state{}, refuse(BrowserMismatch)
	}
	return s, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
