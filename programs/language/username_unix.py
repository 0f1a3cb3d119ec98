"""USERNAME_UNIX: the name of the user. Source: ``vos/p2/prog/username`` (C)."""


def main(task):
    task.if_message("USERNAME version 02-JAN-95")
    task.output("NAME", task.environment.get("USER", task.user))
