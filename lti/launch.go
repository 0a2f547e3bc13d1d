package lti

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"
)

// MessageType says what the platform wants.
type MessageType string

// The messages this tool takes.
const (
	// ResourceLinkRequest opens the tool from a link in a course.
	ResourceLinkRequest MessageType = "LtiResourceLinkRequest"
	// DeepLinkingRequest asks what to place in a course.
	DeepLinkingRequest MessageType = "LtiDeepLinkingRequest"
	// SubmissionReviewRequest opens what one learner did.
	SubmissionReviewRequest MessageType = "LtiSubmissionReviewRequest"
)

// LaunchRequest holds what the platform's form posted, and the cookies.
type LaunchRequest struct {
	IDToken string // id_token
	State   string // state
	Error   string // error, when the platform refused
	// Cookie returns the value of a cookie, empty when there is none.
	Cookie func(name string) string
	// Proof is what a tab kept of its login where the browser keeps no cookies:
	// the value of the cookie that Login returned. It counts only when the
	// cookie is absent.
	Proof string
}

// Launch is a verified launch: who opened the tool, where, in which role.
type Launch struct {
	Registration Registration
	Deployment   DeploymentID
	Message      MessageType
	Target       string // path of ours that the link opens
	User         string // sub: the same person in all courses of the platform
	Name         string // may be empty, as the following
	GivenName    string
	FamilyName   string
	Email        string
	Language     string // BCP 47
	Roles        Roles
	MentorOf     []string // users whose mentor this one is, where the role is Mentor
	Context      *Context // nil outside a course
	ResourceLink ResourceLink
	Custom       map[string]string // variables the platform left unreplaced are absent
	ReturnURL    string            // a page of the platform, else empty; holds its session key: do not store
	PlatformName string
	Product      string    // such as "moodle"
	IssuedAt     time.Time // by the platform's clock
	Services     Services
	DeepLinking  *DeepLinking // of a DeepLinkingRequest, else nil
	Reviewed     string       // of a SubmissionReviewRequest: the learner
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

// Logins remembers which logins led to a launch.
type Logins interface {
	// UseLogin notes that a login led to a launch; of any number of callers
	// exactly one succeeds, the others get ErrUsed. The note may be forgotten
	// LoginLifetime later.
	UseLogin(ctx context.Context, id string, launch Launch) error
}

// ErrUsed is what Logins returns for a login that was used before.
var ErrUsed = errors.New("used already")

// Verified is a launch that passed every check but the last: that its login is
// used for the first time.
type Verified struct {
	launch Launch
	login  string // hash of the state
}

// Redeem uses the login up and returns the launch. Logins may belong to a
// transaction of the caller's, so that a launch and what follows from it are one.
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

// Verify checks a launch (1EdTech Security Framework, section 5.1.3; LTI 1.3
// Core, section 5). It is good for nothing before it is redeemed.
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

// launch verifies what a registered platform sent for a login of ours.
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

// checkLogin checks that a token whose signature is good was made for this
// login: from then on the platform is believed what it says.
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

// accept reads the launch that a token for this login is about, and finds out
// whether it may be had here.
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
		launch.Target, err = t.target(target) // signed, unlike what the login asked for
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

// begun returns the login that a launch ends, once it is clear that this
// browser began it.
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
