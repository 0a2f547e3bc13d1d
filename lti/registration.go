package lti

// RegistrationID is the caller's name for a registration.
type RegistrationID string

// DeploymentID is the platform's word for a place where it offers the tool. It
// means nothing outside its registration.
type DeploymentID string

// Registration is one client at one platform.
type Registration struct {
	ID       RegistrationID
	Issuer   string // compared byte for byte
	ClientID string
	AuthURL  string // where the browser is sent to log in
	TokenURL string // where access tokens come from
	KeysURL  string // the platform's key set
	Scopes   []string
	Product  string // such as "moodle"; empty when unknown
	Name     string // what the platform calls itself; may be empty
}

// CheckRegistration checks what somebody typed in. The error's detail names the
// field: issuer, client_id, auth_url, token_url or keys_url.
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
