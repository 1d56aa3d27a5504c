"""The agents: nodes that ask a model. A module is a role, its functions are the role's deeds."""
