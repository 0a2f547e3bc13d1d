package lti

import "errors"

// Reason says why something was refused, in a word that a page can translate.
// The words are stable.
type Reason string

// Reasons a login initiation is refused.
const (
	ParameterMissing    Reason = "parameter_missing"    // iss, login_hint or target_link_uri
	ParameterTooLong    Reason = "parameter_too_long"   // a value no platform sends
	RegistrationUnknown Reason = "registration_unknown" // issuer and client id are not registered here
	ClientAmbiguous     Reason = "client_ambiguous"     // several clients of this issuer and no client_id
	TargetForeign       Reason = "target_foreign"       // target_link_uri is not ours
)

// Reasons a launch is refused before its token is read.
const (
	PlatformRefused Reason = "platform_refused" // the platform answered with an error
	StateMissing    Reason = "state_missing"    // no state in the answer
	StateUnknown    Reason = "state_unknown"    // never issued, used already, or expired
	BrowserMismatch Reason = "browser_mismatch" // started in another browser, or cookies are blocked
)

// Reasons an id_token is refused for its form or signature.
const (
	TokenMissing       Reason = "token_missing"       // no id_token
	TokenTooLarge      Reason = "token_too_large"     // above 64 KiB
	TokenMalformed     Reason = "token_malformed"     // no compact JWS of unambiguous JSON objects
	HeaderMissingKid   Reason = "key_id_missing"      // no kid in the header
	HeaderCritical     Reason = "header_critical"     // demands extensions (crit)
	AlgorithmForbidden Reason = "algorithm_forbidden" // not RS256
	KeyUnknown         Reason = "key_unknown"         // the platform publishes no such key
	KeyWeak            Reason = "key_weak"            // RSA of less than 2048 bits
	KeysUnavailable    Reason = "keys_unavailable"    // the platform's key set could not be read
	SignatureInvalid   Reason = "signature_invalid"   // not signed with that key
)

// Reasons an id_token is refused for what it says.
const (
	IssuerWrong         Reason = "issuer_wrong"          // iss is not the registration's, byte for byte
	AudienceWrong       Reason = "audience_wrong"        // aud is missing or another client
	PartyWrong          Reason = "party_wrong"           // azp is missing or another client
	SubjectMissing      Reason = "subject_missing"       // no sub: an anonymous launch
	NonceWrong          Reason = "nonce_wrong"           // absent or of another login
	ExpiryMissing       Reason = "expiry_missing"        // no exp
	IssuedMissing       Reason = "issued_missing"        // no iat
	TokenExpired        Reason = "token_expired"         // exp is past; also when clocks differ
	ClockSkew           Reason = "clock_skew"            // issued in the future
	TokenOld            Reason = "token_old"             // issued more than ten minutes ago
	LifetimeTooLong     Reason = "lifetime_too_long"     // above one hour
	VersionWrong        Reason = "version_wrong"         // not 1.3.0
	MessageTypeMissing  Reason = "message_type_missing"  // no message type
	MessageTypeUnknown  Reason = "message_type_unknown"  // a message this tool does not take
	RolesMissing        Reason = "roles_missing"         // no list of roles, not even an empty one
	DeploymentMissing   Reason = "deployment_missing"    // no deployment_id
	DeploymentPending   Reason = "deployment_pending"    // an administrator has to approve it
	ResourceLinkMissing Reason = "resource_link_missing" // no resource link, or none with an id
	IDTooLong           Reason = "id_too_long"           // above 255 characters
	RoleForbidden       Reason = "role_forbidden"        // placing content is for those who teach
	DeepLinkReturn      Reason = "deep_link_return"      // no return URL on a host of the platform
	DeepLinkTypes       Reason = "deep_link_types"       // the platform takes no links to tools
	ReviewedMissing     Reason = "reviewed_missing"      // no learner to review
)

// Reasons a registration is refused.
const (
	ConfigurationAddress Reason = "configuration_address"      // not https, nor loopback where allowed
	ConfigurationFailed  Reason = "configuration_failed"       // could not be read
	ConfigurationInvalid Reason = "configuration_invalid"      // lacks an endpoint
	IssuerForeign        Reason = "issuer_foreign"             // on another host than its configuration
	RegistrationRefused  Reason = "registration_refused"       // the platform said no, or nothing
	RegistrationAnswer   Reason = "registration_answer"        // its answer cannot be used
	RegistrationToken    Reason = "registration_token_refused" // used already, or expired
	RegistrationInvalid  Reason = "registration_invalid"       // typed in, and cannot be used
)

// Key returns the catalogue key of the sentence about r.
func (r Reason) Key() string { return "problem.lti." + string(r) }

// OfService reports whether the platform did not do something for the tool; it is
// false for the reasons why the tool refuses something to the platform.
func (r Reason) OfService() bool {
	switch r {
	case AccessRefused, ServiceAbsent, ServiceAddress, ServiceForbidden, ServiceNotFound, ServiceConflict, ServiceBusy, ServiceFailed, ServiceAnswer, ScoreRefused:
		return true
	default:
		return false
	}
}

// AccessRefused says that the platform gave no access token.
const AccessRefused Reason = "access_refused"

// Reasons a service of the platform does not do what it is asked.
const (
	ServiceAbsent    Reason = "service_absent"    // the launch named no such service
	ServiceAddress   Reason = "service_address"   // not https, or not on the origin of the platform's services
	ServiceForbidden Reason = "service_forbidden" // 401 with a new token, 403, or the scope is not granted
	ServiceNotFound  Reason = "service_not_found" // 404 or 410: the course, link or line item is gone
	ServiceConflict  Reason = "service_conflict"  // 409; for a score: the platform has a newer one
	ServiceBusy      Reason = "service_busy"      // 429; see RetryAfter
	ServiceFailed    Reason = "service_failed"    // 5xx or no answer; see RetryAfter
	ServiceAnswer    Reason = "service_answer"    // an answer that cannot be used
	LineItemInvalid  Reason = "line_item_invalid" // no label, no maximum above zero, or a review that leads nowhere: nothing was sent
	ScoreInvalid     Reason = "score_invalid"     // lacks what every score needs: nothing was sent
	ScoreRefused     Reason = "score_refused"     // 400: the user cannot be graded there
)

// Error is a refusal. Its text is safe for logs.
type Error struct {
	Reason       Reason
	Registration RegistrationID // whose launch was refused; empty while that is not known
	Detail       string         // what the other side said or what differs; never a token, nonce or name
	Err          error          // the cause, may be nil
	// ReturnURL leads back to the platform, where it signed one for this very
	// login; else empty. It holds a session key and stands in no text: see
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

// Key returns the catalogue key of the sentence about e.
func (e *Error) Key() string { return e.Reason.Key() }

// ReasonOf returns the reason of the first *Error in err's chain, empty when
// there is none.
func ReasonOf(err error) Reason {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

func refuse(reason Reason) error { return &Error{Reason: reason} }

func refuseBecause(reason Reason, err error) error { return &Error{Reason: reason, Err: err} }
