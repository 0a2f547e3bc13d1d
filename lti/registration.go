package lti

// RegistrationID is the caller's id of a registration.
type RegistrationID string

// DeploymentID is the platform's id of a deployment: a place where it offers the tool.
// It is unique only within its registration.
type DeploymentID string

// Registration is the tool's registration as one client at one platform.
type Registration struct {
	ID       RegistrationID
	Issuer   string // compared byte for byte
	ClientID string
	AuthURL  string // the browser is sent there to log in
	TokenURL string // issues access tokens
	KeysURL  string // the platform's key set
	Scopes   []string
	Product  string // for example "moodle"; empty when unknown
	Name     string // the platform's own name; may be empty
}

// CheckRegistration checks a registration that an administrator typed in. The detail of
// the error names the field: issuer, client_id, auth_url, token_url or keys_url.
func (t *Tool) CheckRegistration(r Registration) error {
	if r.ClientID == "" || len(r.ClientID) > maxIdentifier {
		return &Error{Reason: RegistrationInvalid, Detail: "client_id"}
	}
	for _, field := range []struct{ name, address string }{
		{"issuer", r.Issuer}, {"auth_url", r.AuthURL}, {"token_url", r.TokenURL}, {"keys_url", r.KeysURL},
	} {
		if !t.secureURL(field.address) || len(field.address) > maxParameter {
			return &Error{Reason: RegistrationInvalid, Detail: field.name}
		}
	}
	return nil
}
