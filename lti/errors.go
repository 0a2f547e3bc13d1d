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

// Reasons a launch is refused.
const (
	PlatformRefused    Reason = "platform_refused"    // the platform answered with an error
	StateMissing       Reason = "state_missing"       // no state in the answer
	StateUnknown       Reason = "state_unknown"       // never issued, used already, or expired
	BrowserMismatch    Reason = "browser_mismatch"    // started in another browser, or cookies are blocked
	TokenMissing       Reason = "token_missing"       // no id_token
	TokenTooLarge      Reason = "token_too_large"     // above 64 KiB
	TokenMalformed     Reason = "token_malformed"     // no compact JWS of JSON objects
	HeaderMissingKid   Reason = "key_id_missing"      // no kid in the header
	AlgorithmForbidden Reason = "algorithm_forbidden" // not RS256
	HeaderCritical     Reason = "header_critical"     // demands extensions (crit)
	KeyUnknown         Reason = "key_unknown"         // the platform publishes no such key
	KeyWeak            Reason = "key_weak"            // not RSA of at least 2048 bits
	KeysUnavailable    Reason = "keys_unavailable"    // the platform's key set could not be read
	SignatureInvalid   Reason = "signature_invalid"   //
	IssuerWrong        Reason = "issuer_wrong"        //
	AudienceWrong      Reason = "audience_wrong"      //
	PartyWrong         Reason = "party_wrong"         // azp missing or foreign
	SubjectMissing     Reason = "subject_missing"     // anonymous launch
	NonceWrong         Reason = "nonce_wrong"         // absent or of another login
	ExpiryMissing      Reason = "expiry_missing"      //
	TokenExpired       Reason = "token_expired"       // also when clocks differ
	IssuedMissing      Reason = "issued_missing"      //
	ClockSkew          Reason = "clock_skew"          // issued in the future
	TokenOld           Reason = "token_old"           // issued too long ago
	LifetimeTooLong    Reason = "lifetime_too_long"   // above one hour
	VersionWrong       Reason = "version_wrong"       // not 1.3.0
	MessageTypeMissing Reason = "message_type_missing"
	MessageTypeUnknown Reason = "message_type_unknown"
	RolesMissing       Reason = "roles_missing"
	DeploymentMissing  Reason = "deployment_missing"
	DeploymentPending  Reason = "deployment_pending" // an administrator has to approve it
	ResourceLinkWrong  Reason = "resource_link_missing"
	IDTooLong          Reason = "id_too_long" // above 255 characters
)

// Reasons a registration is refused.
const (
	ConfigurationAddress Reason = "configuration_address"      // not https
	ConfigurationFailed  Reason = "configuration_failed"       // could not be read
	ConfigurationInvalid Reason = "configuration_invalid"      // lacks an endpoint
	IssuerForeign        Reason = "issuer_foreign"             // on another host than its configuration
	RegistrationRefused  Reason = "registration_refused"       // the platform said no
	RegistrationAnswer   Reason = "registration_answer"        // its answer cannot be used
	RegistrationToken    Reason = "registration_token_refused" // used already, or expired
)

// Error is a refusal. Its text is safe for logs.
type Error struct {
	Reason Reason
	Detail string // what the other side said or what differs; never a token, nonce or name
	Err    error  // the cause, may be nil
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
