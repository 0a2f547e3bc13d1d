package keyring

// Exported for the examples that the specifications print.
var (
	Thumbprint = thumbprint
	Parse      = parse
)
