"""Everything that talks to a portal: engine (pure), worker (thread), channels, intake portal. No Qt."""
