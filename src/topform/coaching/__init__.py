"""Plans, safety rules and the words a coach says: pure decisions over science and kinematics."""
