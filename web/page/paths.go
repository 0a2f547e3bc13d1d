package page

// Paths that several packages use.
const (
	LoginPath  = "/lti/login"                // a platform starts a login here
	LaunchPath = "/lti/launch"               // a platform sends a launch here
	KeysPath   = "/lti/jwks.json"            // the tool's public keys
	FramePath  = "/c/{session:[0-9a-f]{32}}" // all pages inside the LMS frame are below it
)
