from hypothesis import settings

settings.register_profile("project", deadline=None)  # how long a case takes depends on the machine
settings.load_profile("project")
