"""The kiosk's own widgets: keys with a foot, words that fit, header and footer. They hold no truth."""
