"""Answers questions about badges, one JSON object a line, as judge.mjs does.

    python judge.py openbadgeslib | 1edtech

The argument chooses the library, because the two need different environments.
"""

import base64
import importlib
import json
import sys

MODULES = {"openbadgeslib": "judge_openbadgeslib", "1edtech": "judge_1edtech"}


def answer(judges, line):
    question = json.loads(line)
    judge = judges.get(question["judge"])
    if judge is None:
        return {"error": "no judge " + question["judge"]}
    document = base64.b64decode(question["document"])
    reason, notes = judge(document, question.get("options") or {})
    return {"valid": reason == "", "reason": reason, "notes": notes}


def main():
    answers, sys.stdout = sys.stdout, sys.stderr  # libraries that print must not write between the answers
    judges = importlib.import_module(MODULES[sys.argv[1]]).JUDGES
    for line in sys.stdin:
        try:
            said = answer(judges, line)
        except Exception as error:  # the judge is broken, which is no verdict
            said = {"error": repr(error)}
        print(json.dumps(said), file=answers, flush=True)


if __name__ == "__main__":
    main()
