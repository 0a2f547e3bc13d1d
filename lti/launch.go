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
	ReturnURL    string            // on the platform's origin, else empty; holds its session key: do not store
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

// Launch verifies a launch (1EdTech Security Framework, section 5.1.3; LTI 1.3
// Core, section 5). The state is used up whatever comes of it.
func (t *Tool) Launch(ctx context.Context, r LaunchRequest) (Launch, error) {
	state, err := t.takeState(ctx, r)
	if err != nil {
		return Launch{}, err
	}
	reg, err := t.cfg.Registrations.Registration(ctx, state.Registration)
	if errors.Is(err, ErrNotFound) {
		return Launch{}, refuse(RegistrationUnknown)
	}
	if err != nil {
		return Launch{}, fmt.Errorf("lti: find registration %s: %w", state.Registration, err)
	}
	launch, err := t.launch(ctx, r, reg, state)
	if e, ok := errors.AsType[*Error](err); ok {
		e.Registration = reg.ID
	}
	return launch, err
}

// launch verifies what a registered platform sent for a login of ours.
func (t *Tool) launch(ctx context.Context, r LaunchRequest, reg Registration, state State) (Launch, error) {
	if r.Error != "" {
		return Launch{}, &Error{Reason: PlatformRefused, Detail: printable(r.Error)}
	}
	token, err := t.verify(ctx, reg, r.IDToken)
	if err != nil {
		return Launch{}, err
	}
	launch, err := t.believe(token, reg, state)
	if err != nil {
		return Launch{}, err
	}
	if err := t.checkDeployment(ctx, launch); err != nil {
		return Launch{}, err
	}
	return launch, nil
}

// believe checks and reads the claims of a token whose signature is good.
func (t *Tool) believe(token claims, reg Registration, state State) (Launch, error) {
	if err := token.checkParties(reg); err != nil {
		return Launch{}, err
	}
	if err := token.checkTimes(t.cfg.Now()); err != nil {
		return Launch{}, err
	}
	nonce, err := token.text("nonce")
	if err != nil {
		return Launch{}, err
	}
	if !same(nonce, state.Nonce) {
		return Launch{}, refuse(NonceWrong)
	}
	launch, err := token.readMessage(reg)
	if err != nil {
		return Launch{}, err
	}
	launch.Target = state.Target
	if launch.IssuedAt, err = token.instant("iat"); err != nil {
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
		return State{}, fmt.Errorf("lti: take login state: %w", err)
	}
	if state.Expires < t.cfg.Now().Unix() {
		return State{}, refuse(StateUnknown)
	}
	if !same(hash(cmp.Or(r.Cookie(cookieName(id)), r.Proof)), state.Browser) {
		return State{}, refuse(BrowserMismatch)
	}
	return state, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
