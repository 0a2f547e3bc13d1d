package lti

import "errors"

// Reason is a short stable name of why something was refused, which a page can
// translate.
type Reason string

// Reasons a login initiation is refused for.
const (
	ParameterMissing    Reason = "parameter_missing"    // iss, login_hint or target_link_uri
	ParameterTooLong    Reason = "parameter_too_long"   // a value longer than any platform sends
	RegistrationUnknown Reason = "registration_unknown" // no registration has this issuer and client id
	ClientAmbiguous     Reason = "client_ambiguous"     // no client_id, and several registrations have this issuer
	TargetForeign       Reason = "target_foreign"       // target_link_uri is not an address of the tool
)

// Reasons a launch is refused for before its token is read.
const (
	PlatformRefused Reason = "platform_refused" // the platform answered with an error
	StateMissing    Reason = "state_missing"    // the answer has no state
	StateUnknown    Reason = "state_unknown"    // not issued by the tool, already used, or expired
	BrowserMismatch Reason = "browser_mismatch" // the login began in another browser, or cookies are blocked
)

// Reasons an id_token is refused for because of its form or signature.
const (
	TokenMissing       Reason = "token_missing"       // no id_token
	TokenTooLarge      Reason = "token_too_large"     // above 64 KiB
	TokenMalformed     Reason = "token_malformed"     // not a compact JWS of unambiguous JSON objects
	HeaderMissingKid   Reason = "key_id_missing"      // no kid in the header
	HeaderCritical     Reason = "header_critical"     // requires extensions (crit)
	AlgorithmForbidden Reason = "algorithm_forbidden" // not RS256
	KeyUnknown         Reason = "key_unknown"         // not in the platform's key set
	KeyWeak            Reason = "key_weak"            // RSA with less than 2048 bits
	KeysUnavailable    Reason = "keys_unavailable"    // the platform's key set could not be read
	SignatureInvalid   Reason = "signature_invalid"   // not signed with the key that it names
)

// Reasons an id_token is refused for because of its claims.
const (
	IssuerWrong         Reason = "issuer_wrong"          // iss differs from the registration's issuer
	AudienceWrong       Reason = "audience_wrong"        // aud is missing or names another client
	PartyWrong          Reason = "party_wrong"           // azp is missing or names another client
	SubjectMissing      Reason = "subject_missing"       // no sub: an anonymous launch
	NonceWrong          Reason = "nonce_wrong"           // absent, or that of another login
	ExpiryMissing       Reason = "expiry_missing"        // no exp
	IssuedMissing       Reason = "issued_missing"        // no iat
	TokenExpired        Reason = "token_expired"         // exp is in the past; perhaps the clocks differ
	ClockSkew           Reason = "clock_skew"            // issued in the future
	TokenOld            Reason = "token_old"             // issued more than ten minutes ago
	LifetimeTooLong     Reason = "lifetime_too_long"     // longer than one hour
	VersionWrong        Reason = "version_wrong"         // not 1.3.0
	MessageTypeMissing  Reason = "message_type_missing"  // no message type
	MessageTypeUnknown  Reason = "message_type_unknown"  // a message type that this tool does not support
	RolesMissing        Reason = "roles_missing"         // no list of roles, not even an empty one
	DeploymentMissing   Reason = "deployment_missing"    // no deployment_id
	DeploymentPending   Reason = "deployment_pending"    // an administrator must approve it first
	ResourceLinkMissing Reason = "resource_link_missing" // no resource link, or no id in it
	IDTooLong           Reason = "id_too_long"           // longer than 255 characters
	RoleForbidden       Reason = "role_forbidden"        // only persons who teach can place content
	DeepLinkReturn      Reason = "deep_link_return"      // no return URL on a host of the platform
	DeepLinkTypes       Reason = "deep_link_types"       // the platform does not accept links to tools
	ReviewedMissing     Reason = "reviewed_missing"      // does not name the learner to review
)

// Reasons a registration is refused for.
const (
	ConfigurationAddress Reason = "configuration_address"      // neither https nor an allowed loopback address
	ConfigurationFailed  Reason = "configuration_failed"       // could not be read
	ConfigurationInvalid Reason = "configuration_invalid"      // an endpoint is missing
	IssuerForeign        Reason = "issuer_foreign"             // the issuer is on another host than its configuration
	RegistrationRefused  Reason = "registration_refused"       // the platform refused or did not answer
	RegistrationAnswer   Reason = "registration_answer"        // the platform's answer cannot be used
	RegistrationToken    Reason = "registration_token_refused" // already used, or expired
	RegistrationInvalid  Reason = "registration_invalid"       // a value that an administrator typed in cannot be used
)

// Key returns the catalogue key of the sentence that describes r.
func (r Reason) Key() string { return "problem.lti." + string(r) }

// OfService reports whether a service of the platform refused or failed. It is false if
// the tool refused something to the platform.
func (r Reason) OfService() bool {
	switch r {
	case AccessRefused, ServiceAbsent, ServiceAddress, ServiceForbidden, ServiceNotFound, ServiceConflict, ServiceBusy, ServiceFailed, ServiceAnswer, ScoreRefused:
		return true
	default:
		return false
	}
}

// AccessRefused means that the platform gave no access token.
const AccessRefused Reason = "access_refused"

// Reasons a service of the platform fails for.
const (
	ServiceAbsent    Reason = "service_absent"    // the launch did not name this service
	ServiceAddress   Reason = "service_address"   // not https, or not on the origin of the platform's services
	ServiceForbidden Reason = "service_forbidden" // 403, 401 with a new token, or the scope is not granted
	ServiceNotFound  Reason = "service_not_found" // 404 or 410: the course, link or line item does not exist any more
	ServiceConflict  Reason = "service_conflict"  // 409; for a score: the platform has a newer one
	ServiceBusy      Reason = "service_busy"      // 429; see RetryAfter
	ServiceFailed    Reason = "service_failed"    // 5xx or no answer; see RetryAfter
	ServiceAnswer    Reason = "service_answer"    // the answer cannot be used
	LineItemInvalid  Reason = "line_item_invalid" // no label, no maximum above zero, or a review without an address; nothing was sent
	ScoreInvalid     Reason = "score_invalid"     // a required part is missing; nothing was sent
	ScoreRefused     Reason = "score_refused"     // 400: the user cannot have a grade there
)

// Error is a refusal. Its text is safe for logs.
type Error struct {
	Reason       Reason
	Registration RegistrationID // of the refused launch; empty if it could not be determined
	Detail       string         // what the other side said or what differs; never a token, nonce or name
	Err          error          // the cause; may be nil
	// ReturnURL is the return URL that the platform signed for this login; empty if
	// there is none. It contains a session key and must not appear in any text: see
	// ReturnWithError.
	ReturnURL string
}

func (e *Error) Error() string {
	text := "lti: " + string(e.Reason)
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// Key returns the catalogue key of the sentence that describes e.
func (e *Error) Key() string { return e.Reason.Key() }

// ReasonOf returns the reason of the first *Error in err's chain; empty if there is
// none.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

func refuse(reason Reason) error { return &Error{Reason: reason} }

func refuseBecause(reason Reason, err error) error { return &Error{Reason: reason, Err: err} }
