"""From an enterprise and rules to an estimate: claims, outcomes, the combination that pays most."""
