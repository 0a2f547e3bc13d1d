// Command insigne serves Open Badges to an LMS over LTI 1.3.
//
// It reads and checks flags and environment variables; package app wires the service.
// See docs/architecture.md for the work of each package.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli has one field for each command.
type cli struct {
	Serve     serveCmd     `cmd:"" help:"Run the service."`
	Demo      demoCmd      `cmd:"" help:"Run the service beside a simulated LMS, with a temporary database."`
	AdminLink adminLinkCmd `cmd:"" help:"Print a one-time link that signs an administrator in."`
	Migrate   migrateCmd   `cmd:"" help:"Bring the database to this version's schema and exit."`
	Backup    backupCmd    `cmd:"" help:"Copy the running SQLite database to a file."`
	Verify    verifyCmd    `cmd:"" help:"Check a badge in a file or at a URL."`
	Config    configCmd    `cmd:"" help:"Print the configuration in force, secrets masked."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "insigne:", err)
		os.Exit(1)
	}
}

// run runs one command. Ctrl-C and SIGTERM end its context.
func run(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var commands cli
	parser, err := kong.New(&commands,
		kong.Name("insigne"),
		kong.Description("Open Badges for what learners did in a Moodle course."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	parser.FatalIfErrorf(err)
	return command.Run()
}
