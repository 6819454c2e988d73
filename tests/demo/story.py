"""How the demonstration is told: headings, text and the pause between steps."""

import sys


class Story:
    def __init__(self):
        self.watched = sys.stdin.isatty() and sys.stdout.isatty()
        self.step = 0
        self.shown = False  # the last that was written is what a command answered

    def heading(self, text):
        if self.step and self.watched:
            try:
                input("\n    -- Enter to go on --")
            except EOFError:
                self.watched = False
        self.step += 1
        self.shown = False
        title = f"{self.step}. {text}"
        print(f"\n{title}\n{'-' * len(title)}", flush=True)

    def say(self, text):
        if self.shown:
            print()
        self.shown = False
        print(text.strip("\n"), flush=True)

    def shell(self, member, *args, code=0):
        """Shows a command and what it answers."""
        words = " ".join(f'"{a}"' if " " in str(a) else str(a) for a in args)
        print(f"\n  $ keeplocal {words}          [{member.name}]")
        for line in member.run(*args, code=code).rstrip().splitlines():
            print("  " + line)
        sys.stdout.flush()
        self.shown = True
